/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CRIME_H
#define CRIME_H
/*
 * crime.h - what the programs here share. Each commits one crime, and says in
 * its comments what is told of it by which means; `run` holds them to it.
 */
#include <memory_poll.h>
#include <pond/fixed.h>
#include <pond/heap.h>
#include <pond/slab.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A pointer of which the compiler knows nothing. */
static inline void *hidden(const void *ptr)
{
    void *p = (void *)(uintptr_t)ptr;
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

/* Read or write the byte that far from the start of an object. */
static inline char peek(const void *object, ptrdiff_t at)
{
    static volatile char seen; /* or Valgrind thinks the read needless */
    return seen = *((const volatile char *)hidden(object) + at);
}

static inline void poke(void *object, ptrdiff_t at)
{
    *((volatile char *)hidden(object) + at) = 'x';
}

/* Write n bytes behind an object of size bytes, or before one. */
static inline void spill(void *object, ptrdiff_t size, ptrdiff_t n)
{
    for (ptrdiff_t i = 0; i < n; i++)
        poke(object, size + i);
}

static inline void spill_before(void *object, ptrdiff_t n)
{
    for (ptrdiff_t i = 1; i <= n; i++)
        poke(object, -i);
}

/* So many objects of 64 bytes that the last ones are from slices. */
enum { MANY = 2000 };
static inline void many(pond_heap *h, char *object[MANY])
{
    for (int i = 0; i < MANY; i++)
        object[i] = pond_heap_alloc(h, 64);
}

#endif
