/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apr - the Apache Portable Runtime, as httpd uses it: an allocator of one's
 * own without a lock, a pool that owns it, and a child pool per request. What
 * is to be shared between threads has an allocator with a mutex.
 */
#include "../body.h"

#include <apr_allocator.h>
#include <apr_pools.h>
#include <apr_thread_mutex.h>
#include <apr_version.h>
#include <stdlib.h>

typedef apr_pool_t pool;

static apr_pool_t *connection, *shared;

static apr_pool_t *root_create(apr_allocator_t **allocator)
{
    apr_pool_t *root = NULL;

    *allocator = NULL;
    if (apr_allocator_create(allocator) != APR_SUCCESS ||
        apr_pool_create_ex(&root, NULL, NULL, *allocator) != APR_SUCCESS)
        die("APR cannot create a pool");
    apr_allocator_owner_set(*allocator, root);
    return root;
}

static void set_up(void)
{
    apr_allocator_t *allocator;
    apr_thread_mutex_t *mutex;

    if (apr_initialize() != APR_SUCCESS)
        die("APR cannot be initialized");
    connection = root_create(&allocator);
    shared = root_create(&allocator);
    if (apr_thread_mutex_create(&mutex, APR_THREAD_MUTEX_DEFAULT, shared) !=
        APR_SUCCESS)
        die("APR cannot create a mutex");
    apr_allocator_mutex_set(allocator, mutex);
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = NULL;

    (void)name, (void)objects, (void)bytes;
    apr_pool_create(&p, connection);
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
    .setting = "child of a pool with an allocator of its own, no mutex "
               "(with one where pools are shared)",
};
