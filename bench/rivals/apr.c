/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apr - the Apache Portable Runtime: one allocator of the thread's own, without
 * a mutex, and each pool created from it. Pools that go from one thread to
 * another, or are many, are children of one that owns an allocator with a
 * mutex, which takes fewer locks. (apr_child.c has the others as children.)
 */
#include "../body.h"

#include <apr_allocator.h>
#include <apr_pools.h>
#include <apr_thread_mutex.h>
#include <apr_version.h>
#include <stdlib.h>

typedef apr_pool_t pool;

static apr_allocator_t *own;
static apr_pool_t *shared;

static void set_up(void)
{
    apr_allocator_t *allocator = NULL;
    apr_thread_mutex_t *mutex;

    if (apr_initialize() != APR_SUCCESS ||
        apr_allocator_create(&own) != APR_SUCCESS ||
        apr_allocator_create(&allocator) != APR_SUCCESS ||
        apr_pool_create_ex(&shared, NULL, NULL, allocator) != APR_SUCCESS ||
        apr_thread_mutex_create(&mutex, APR_THREAD_MUTEX_DEFAULT, shared) !=
            APR_SUCCESS)
        die("APR cannot be set up");
    apr_allocator_owner_set(allocator, shared);
    apr_allocator_mutex_set(allocator, mutex);
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = NULL;

    (void)name, (void)objects, (void)bytes;
    apr_pool_create_ex(&p, NULL, NULL, own);
    return must(p);
}

static inline pool *pool_begin_root(const char *name, size_t objects,
                                    size_t bytes)
{
    pool *p = NULL;

    (void)name, (void)objects, (void)bytes;
    apr_pool_create(&p, shared);
    return must(p);
}

static inline pool *pool_begin_small(const char *name)
{
    return pool_begin_root(name, 1, 0);
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return apr_palloc(p, size);
}

static inline void pool_end(pool *p)
{
    apr_pool_destroy(p);
}

static inline void pool_hand_over(pool *p)
{
    (void)p;
}

static inline void pool_idle(void)
{
}

static inline void pool_release(void)
{
}

static inline size_t pool_reserved(pool *p)
{
    (void)p;
    return 0;
}

#include "../one_pool.h"

#include "../many_pools.h"

const struct rival rival_apr = {
    .version = apr_version_string,
    .set_up = set_up,
    .rounds = {one_pool_rounds, many_pools_rounds},
    .setting = "each pool from one allocator, which has a mutex only where "
               "pools change threads",
};
