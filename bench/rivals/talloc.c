/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * talloc - Samba's: a context per request below one that lives on.
 */
#include "../body.h"

#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>

typedef void pool;

static void *connection;

static void set_up(void)
{
    connection = must(talloc_new(NULL));
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)name, (void)objects, (void)bytes;
    return must(talloc_new(connection));
}

static inline pool *pool_begin_root(const char *name, size_t objects,
                                    size_t bytes)
{
    (void)name, (void)objects, (void)bytes;
    return must(talloc_new(NULL));
}

static inline pool *pool_begin_small(const char *name)
{
    return pool_begin_root(name, 1, 0);
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return talloc_size(p, size);
}

static inline void pool_end(pool *p)
{
    talloc_free(p);
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

static const char *version(void)
{
    static char text[32];

    snprintf(text, sizeof(text), "%d.%d", talloc_version_major(),
             talloc_version_minor());
    return text;
}

const struct rival rival_talloc = {
    .version = version,
    .set_up = set_up,
    .rounds = {one_pool_rounds, many_pools_rounds},
    .setting = "talloc_new below a context that lives on, talloc_free",
};
