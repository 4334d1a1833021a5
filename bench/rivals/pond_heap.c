/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond_heap - objects of any size from a heap in a pond of its own; and, as a
 * pool, such a pond for each request.
 */
#include "../objects.h"
#include "pond_objects.h"

#include <limits.h>
#include <pond/heap.h>

typedef pond_heap store;

static store *store_begin(size_t size)
{
    (void)size;
    return must(pond_heap_create(must(pond_create(NULL, "heap"))));
}

static inline void *store_alloc(store *s, size_t size)
{
    return pond_heap_alloc(s, size);
}

static inline void store_free(store *s, void *object)
{
    pond_heap_free(s, object);
}

static inline void store_idle(void)
{
    pond_trim(100);
}

static inline void store_release(void)
{
    pond_trim(UINT_MAX);
}

#include "../workloads/replaced.h"

#include "../workloads/mixed.h"

#include "../workloads/shifting.h"

#include "../workloads/left.h"

typedef struct pool {
    pond *p;
    pond_heap *heap;
} pool;

static pool the_pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *q = &the_pool;

    (void)objects, (void)bytes;
    q->p = must(pond_create(NULL, name));
    q->heap = must(pond_heap_create(q->p));
    return q;
}

static inline void *pool_alloc(pool *q, size_t size)
{
    return pond_heap_alloc(q->heap, size);
}

static inline void pool_end(pool *q)
{
    pond_destroy(q->p);
}

#include "../workloads/request.h"

const struct round pond_heap_rounds[] = {
    ROUND_TIMED("heap-replaced", replaced),
    ROUND_TIMED("heap-mixed", mixed),
    ROUND_TIMED("heap-request", request),
    ROUND_PROGRAM("heap-shifting", shifting_run),
    ROUND_PROGRAM("heap-bands", bands_run),
    ROUND_PROGRAM("heap-left-random", left_random_run),
    ROUND_PROGRAM("heap-left-ordered", left_ordered_run),
    ROUND_END,
};
