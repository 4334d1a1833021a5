/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * floor-register - the least that an allocator could do: a bounds-checked bump
 * over a static buffer, begun by setting two pointers. A miss
 * never happens and would not return, so the compiler can keep the cursor in a
 * register, which no real pool can promise: its loop does not hang on how fast
 * a CPU hands a store on to the next load, and is the same in every run.
 */
#include "../body.h"

typedef struct pool {
    char *cur;
    char *end;
} pool;

static _Alignas(64) char buffer[6 * 1024 * 1024];
static pool the_pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = &the_pool;

    (void)name, (void)objects, (void)bytes;
    p->cur = buffer;
    p->end = buffer + sizeof(buffer);
    /* Where the pool lies must be as unknown to the compiler as with others. */
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

static inline void *pool_alloc(pool *p, size_t size)
{
    char *object = p->cur;

    if (__builtin_expect(size - 1 >= (size_t)(p->end - object), 0))
        die("the floor's buffer has no room for %zu bytes", size);
    p->cur = object + ((size + 15) & ~(size_t)15);
    return object;
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

const struct rival rival_floor_register = {
    .version = version,
    .rounds = {one_pool_rounds},
    .setting =
        "the same with its cursor in a register, as no real pool can have it",
};
