/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond_slab - objects of one size for all threads.
 */
#include "../objects.h"
#include "pond_objects.h"

#include <limits.h>
#include <pond/fixed.h>
#include <pond/heap.h>
#include <pond/slab.h>
#include <pthread.h>

typedef pond_slab store;

static store *store_begin(size_t size)
{
    return must(pond_slab_create(size, "slab"));
}

static inline void *store_alloc(store *s, size_t size)
{
    (void)size;
    return pond_slab_alloc(s);
}

static inline void store_free(store *s, void *object)
{
    pond_slab_free(s, object);
}

#include "../workloads/shuffled.h"

#include "../workloads/replaced.h"

#include "../workloads/relay.h"

#include "../workloads/threads.h"

const struct round pond_slab_rounds[] = {
    ROUND_TIMED("slab-shuffled", shuffled),
    ROUND_TIMED("slab-replaced", replaced),
    ROUND_TIMED("slab-relay", relay),
    ROUND_PROGRAM("threads", threads_run),
    ROUND_END,
};
