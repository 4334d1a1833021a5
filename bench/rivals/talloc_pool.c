/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * talloc-pool - talloc with a talloc_pool beneath, made large enough for all
 * that will come: the best case for talloc, whose pools do not grow.
 */
#include "../body.h"

#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>

enum { TALLOC_HEADER = 112 }; /* of each object, rounding included */

typedef void pool;

static void *connection;

static void set_up(void)
{
    connection = must(talloc_new(NULL));
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)name;
    return must(talloc_pool(connection, bytes + objects * TALLOC_HEADER));
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return talloc_size(p, size);
}

static inline void pool_end(pool *p)
{
    talloc_free(p);
}

#include "../one_pool.h"

static const char *version(void)
{
    static char text[32];

    snprintf(text, sizeof(text), "%d.%d", talloc_version_major(),
             talloc_version_minor());
    return text;
}

const struct rival rival_talloc_pool = {
    .version = version,
    .set_up = set_up,
    .rounds = {one_pool_rounds},
    .setting = "talloc_pool that is large enough from the start",
};
