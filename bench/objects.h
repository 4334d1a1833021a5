/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_OBJECTS_H
#define BENCH_OBJECTS_H
/*
 * objects.h - what the bodies for objects that are freed one by one are written
 * with. A rival's file defines
 *
 *     store                       its type of a place to have objects from
 *     store *store_begin(size)    of objects of that size; 0: of any
 *     void *store_alloc(store *, size_t size)
 *     void store_free(store *, void *)
 *     void store_idle(void)       what its user calls in an idle moment
 *     void store_release(void)    give all idle memory back now
 *
 * (the last two for the memory programs only) and then includes those bodies in
 * workloads/ that it can do.
 *
 * A store is made once and lives as long as the process, with its objects.
 */
#include "body.h"

enum { OBJECT_BYTES = 64, LIVE_OBJECTS = 64 * 1024, PER_REPEAT = 1024 };

/* Between the free of an object and the next allocation: else the compiler
 * sees through inlined ones that it may hand on the object in a register, as
 * no program whose calls lie apart would let it. */
static ALWAYS_INLINE void object_apart(void)
{
    __asm__ volatile("" : : : "memory");
}

#endif
