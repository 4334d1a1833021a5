/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond - each pool a root of its own. (pond_child.c has the others. What stands
 * for Pond where objects are freed one by one is in pond_fixed.c, pond_slab.c
 * and pond_heap.c.)
 */
#include "../body.h"
#include "pond_objects.h"

#include <limits.h>
#include <pond/pond.h>
#include <stdlib.h>

typedef pond pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)objects, (void)bytes;
    return must(pond_create(NULL, name));
}

static inline pool *pool_begin_root(const char *name, size_t objects,
                                    size_t bytes)
{
    return pool_begin(name, objects, bytes);
}

static inline pool *pool_begin_small(const char *name)
{
    pond_options small = {.size = sizeof(small), .first_block_bytes = 512};
    return must(pond_create_with(NULL, name, &small));
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return pond_alloc(p, size);
}

static inline void pool_end(pool *p)
{
    pond_destroy(p);
}

static inline void pool_hand_over(pool *p)
{
    pond_hand_over(p);
}

static inline void pool_idle(void)
{
    pond_trim(100);
}

static inline void pool_release(void)
{
    pond_trim(UINT_MAX);
}

static inline size_t pool_reserved(pool *p)
{
    return pond_usage_get(p).reserved_bytes;
}

#include "../one_pool.h"

#include "../many_pools.h"

#include "../workloads/trim.h"

static const struct round pond_rounds[] = {
    ROUND_PROGRAM("trim-latency", trim_run),
    ROUND_END,
};

const struct rival rival_pond = {
    .version = pond_version,
    .rounds = {one_pool_rounds, many_pools_rounds, pond_rounds,
               pond_fixed_rounds, pond_slab_rounds, pond_heap_rounds},
    .setting = "each pool a root, nothing set but its name",
};
