/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory_poll - Pond through the interface of the blog post, and through
 * nothing else: calls that are not inlined, one current pool per thread.
 */
#include "memory_poll.h"

#include "../body.h"

#include <stdlib.h>

typedef struct pool pool; /* never complete: there is just the current one */

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)name, (void)objects, (void)bytes;
    memory_poll_init();
    return NULL;
}

static inline void *pool_alloc(pool *p, size_t size)
{
    (void)p;
    return memory_malloc(size);
}

static inline void pool_end(pool *p)
{
    (void)p;
    memory_poll_free();
}

#include "../one_pool.h"

#include "../workloads/post.h"

static const struct round post_rounds[] = {
    ROUND_PROGRAM("post", post_run),
    ROUND_END,
};

static const char *version(void)
{
    return "-";
}

const struct rival rival_memory_poll = {
    .version = version,
    .rounds = {one_pool_rounds, post_rounds},
    .setting = "Pond through memory_poll.h, one current pool per thread",
};
