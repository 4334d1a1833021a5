/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * obstack - glibc's, inlined by its own macros. It has no children and takes
 * its chunks from malloc.
 */
#include "../body.h"

#include <gnu/libc-version.h>
#include <obstack.h>
#include <stdlib.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

typedef struct obstack pool;

/* Users embed the struct in their own; so does this. */
static struct obstack the_pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = &the_pool;

    (void)name, (void)objects, (void)bytes;
    obstack_init(p);
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return obstack_alloc(p, (int)size); /* glibc's lengths are ints */
}

static inline void pool_end(pool *p)
{
    obstack_free(p, NULL);
}

#include "../one_pool.h"

const struct rival rival_obstack = {
    .version = gnu_get_libc_version,
    .rounds = {one_pool_rounds},
    .setting = "obstack_init with malloc's chunks, obstack_free of all",
};
