/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apr-child - APR as httpd uses it: the pool of a request is the child of a
 * connection's, which lives on and owns an allocator without a mutex.
 */
#include "../body.h"

#include <apr_allocator.h>
#include <apr_pools.h>
#include <apr_version.h>
#include <stdlib.h>

typedef apr_pool_t pool;

static apr_pool_t *connection;

static void set_up(void)
{
    apr_allocator_t *allocator = NULL;

    if (apr_initialize() != APR_SUCCESS ||
        apr_allocator_create(&allocator) != APR_SUCCESS ||
        apr_pool_create_ex(&connection, NULL, NULL, allocator) != APR_SUCCESS)
        die("APR cannot be set up");
    apr_allocator_owner_set(allocator, connection);
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = NULL;

    (void)name, (void)objects, (void)bytes;
    apr_pool_create(&p, connection);
    return must(p);
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return apr_palloc(p, size);
}

static inline void pool_end(pool *p)
{
    apr_pool_destroy(p);
}

#include "../one_pool.h"

const struct rival rival_apr_child = {
    .version = apr_version_string,
    .set_up = set_up,
    .rounds = {one_pool_rounds},
    .setting = "each pool the child of one that lives on, no mutex",
};
