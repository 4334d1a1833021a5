/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mimalloc-heap - mimalloc's own heaps: mi_heap_new, mi_heap_malloc,
 * mi_heap_destroy. The library takes over malloc wherever it is loaded, so this
 * has a process of its own with it preloaded, and asks there for the
 * functions: a call through a pointer is what a call into a library is.
 */
#include "../body.h"

#include <dlfcn.h>
#include <stdio.h>

typedef void pool; /* an mi_heap_t */

static pool *(*heap_new)(void);
static void *(*heap_malloc)(pool *, size_t);
static void (*heap_destroy)(pool *);

static void set_up(void)
{
    heap_new = (pool * (*)(void)) dlsym(RTLD_DEFAULT, "mi_heap_new");
    heap_malloc =
        (void *(*)(pool *, size_t))dlsym(RTLD_DEFAULT, "mi_heap_malloc");
    heap_destroy = (void (*)(pool *))dlsym(RTLD_DEFAULT, "mi_heap_destroy");
}

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    (void)name, (void)objects, (void)bytes;
    return must(heap_new());
}

static inline void *pool_alloc(pool *p, size_t size)
{
    return heap_malloc(p, size);
}

static inline void pool_end(pool *p)
{
    heap_destroy(p);
}

#include "../workloads/request.h"

static const struct round rounds[] = {
    ROUND_TIMED("heap-request", request),
    ROUND_END,
};

static const char *version(void)
{
    static char text[32];
    int (*mi_version)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "mi_version");

    if (heap_new == NULL || heap_malloc == NULL || heap_destroy == NULL ||
        mi_version == NULL)
        return "-";
    snprintf(text, sizeof(text), "mimalloc %d.%d.%d", mi_version() / 100,
             mi_version() / 10 % 10, mi_version() % 10);
    return text;
}

const struct rival rival_mimalloc_heap = {
    .version = version,
    .set_up = set_up,
    .rounds = {rounds},
    .setting = "a heap of mimalloc's for each pool",
};
