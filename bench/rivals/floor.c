/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * floor - not an allocator but what is left of one when everything but the
 * allocation itself is taken away: Pond's own inlined pond_alloc on a pond that
 * is two pointers into a static buffer. A miss never happens. To begin is to
 * set the two, to end is nothing.
 */
#include "../body.h"

#include <pond/pond.h>

typedef pond pool;

static _Alignas(64) char buffer[6 * 1024 * 1024];
static pool the_pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = &the_pool;

    (void)name, (void)objects, (void)bytes;
    p->cur = buffer;
    __asm__ volatile("" : : : "memory"); /* as two stores, like Pond */
    p->end = buffer + sizeof(buffer);
    /* Where the pool lies must be as unknown to the compiler as with others. */
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return pond_alloc(p, size);
}

static inline void pool_end(pool *p)
{
    (void)p;
}

#include "../one_pool.h"

static const char *version(void)
{
    return "-";
}

const struct rival rival_floor = {
    .version = version,
    .rounds = {one_pool_rounds},
    .setting = "pond_alloc inlined on two pointers into a static buffer",
};
