/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond-child - as a server uses Pond: the pool of a request is the child of a
 * connection's, which lives on.
 */
#include "../body.h"

#include <pond/pond.h>
#include <stdlib.h>

typedef pond pool;

static pond *connection;

static void set_up(void)
{
    connection = must(pond_create(NULL, "connection"));
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)objects, (void)bytes;
    return must(pond_create(connection, name));
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return pond_alloc(p, size);
}

static inline void pool_end(pool *p)
{
    pond_destroy(p);
}

#include "../one_pool.h"

const struct rival rival_pond_child = {
    .version = pond_version,
    .set_up = set_up,
    .rounds = {one_pool_rounds},
    .setting = "each pool the child of one that lives on",
};
