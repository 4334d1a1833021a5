/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory_poll.c - above all layers: the post's three functions, in terms of
 * the public interface alone. One current pond per thread.
 */
#include "memory_poll.h"

#include "pond/pond.h"

#include <pthread.h>

/* Stands in for a pool where there is none: it has no room, so that every
 * allocation goes to the slow path and is noticed there. */
static pond none;
static __thread pond *current __attribute__((tls_model("initial-exec"))) =
    &none;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;

static void end_of_thread(void *unused)
{
    (void)unused;
    memory_poll_free();
}

static void set_up(void)
{
    key_made = pthread_key_create(&key, end_of_thread) == 0;
}

void memory_poll_init(void)
{
    memory_poll_free();
    pthread_once(&once, set_up);
    pond *begun = pond_create(NULL, "memory_poll");
    if (begun)
        current = begun;
    if (begun && key_made) /* else it is the program's to free */
        (void)pthread_setspecific(key, begun);
}

static __attribute__((noinline)) void *malloc_slow(size_t size)
{
    if (current == &none)
        memory_poll_init();
    return current != &none ? pond_alloc(current, size) : NULL;
}

void *memory_malloc(size_t size)
{
    /* As in pond_alloc, but for what happens when there is no room. */
    pond *p = current;
    char *object = p->cur;
    size_t last = size - 1;
    if (POND_LIKELY(last < (size_t)(p->end - object))) {
        p->cur = object + (last | 15) + 1;
        return object;
    }
    return malloc_slow(size);
}

void memory_poll_free(void)
{
    pond *ended = current;
    current = &none;
    if (ended != &none)
        pond_destroy(ended);
}
