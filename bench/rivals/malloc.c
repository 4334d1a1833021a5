/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc - no pool at all: each object is malloc'd, and freed by itself; where
 * others have a pool, it is noted in an array and freed at the end. Run in
 * processes of its own, as it is (glibc) and with another malloc preloaded
 * (jemalloc, mimalloc, tcmalloc); which one it is is asked at run time, for its
 * version and its way to release idle memory.
 */
#include "../objects.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct pool {
    size_t n, capacity;
    void **object;
} pool;

static inline pool *pool_begin(const char *name, size_t objects, size_t bytes)
{
    pool *p = must(malloc(sizeof(*p) + objects * sizeof(void *)));

    (void)name, (void)bytes;
    p->n = 0;
    p->capacity = objects;
    p->object = (void **)(p + 1);
    return p;
}

/* The hint was too small: the notes move to an array of their own. */
static __attribute__((noinline)) void pool_grow(pool *p)
{
    void **old = p->object == (void **)(p + 1) ? NULL : p->object;

    p->object = must(realloc(old, 2 * p->capacity * sizeof(void *)));
    if (old == NULL)
        memcpy(p->object, p + 1, p->n * sizeof(void *));
    p->capacity *= 2;
}

static inline void *pool_alloc(pool *p, size_t size)
{
    if (__builtin_expect(p->n == p->capacity, 0))
        pool_grow(p);
    return p->object[p->n++] = malloc(size);
}

static inline void pool_end(pool *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->object[i]);
    if (p->object != (void **)(p + 1))
        free(p->object);
    free(p);
}

static inline pool *pool_begin_root(const char *name, size_t objects,
                                    size_t bytes)
{
    return pool_begin(name, objects, bytes);
}

static inline pool *pool_begin_small(const char *name)
{
    return pool_begin(name, 1, 0);
}

static inline void pool_hand_over(pool *p)
{
    (void)p;
}

static inline void pool_idle(void)
{
}

static inline size_t pool_reserved(pool *p)
{
    (void)p;
    return 0;
}

typedef int mallctl_fn(const char *, void *, size_t *, void *, size_t);

/* Whichever malloc is there: its own way to give back all that is idle. */
static void pool_release(void)
{
    mallctl_fn *mallctl = (mallctl_fn *)dlsym(RTLD_DEFAULT, "mallctl");
    void (*mi_collect)(bool) =
        (void (*)(bool))dlsym(RTLD_DEFAULT, "mi_collect");
    void (*tc_release)(void) = (void (*)(void))dlsym(
        RTLD_DEFAULT, "MallocExtension_ReleaseFreeMemory");

    if (mallctl != NULL) {
        mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
        mallctl("arena.4096.purge", NULL, NULL, NULL, 0); /* all arenas */
    } else if (mi_collect != NULL) {
        mi_collect(true);
    } else if (tc_release != NULL) {
        tc_release();
    } else {
        malloc_trim(0);
    }
}

#include "../one_pool.h"

#include "../many_pools.h"

/* Objects that are freed one by one. */
typedef void store;

static store *store_begin(size_t size)
{
    static char here;

    (void)size;
    return &here;
}

static inline void *store_alloc(store *s, size_t size)
{
    (void)s;
    return malloc(size);
}

static inline void store_free(store *s, void *object)
{
    (void)s;
    free(object);
}

static inline void store_idle(void)
{
}

static void store_release(void)
{
    pool_release();
}

#include "../workloads/shuffled.h"

#include "../workloads/replaced.h"

#include "../workloads/mixed.h"

#include "../workloads/relay.h"

#include "../workloads/shifting.h"

#include "../workloads/left.h"

static const struct round object_rounds[] = {
    ROUND_TIMED("fixed-shuffled", shuffled),
    ROUND_TIMED("fixed-replaced", replaced),
    ROUND_TIMED("slab-shuffled", shuffled),
    ROUND_TIMED("slab-replaced", replaced),
    ROUND_TIMED("slab-relay", relay),
    ROUND_TIMED("heap-replaced", replaced),
    ROUND_TIMED("heap-mixed", mixed),
    ROUND_TIMED("heap-request", request),
    ROUND_PROGRAM("heap-shifting", shifting_run),
    ROUND_PROGRAM("heap-bands", bands_run),
    ROUND_PROGRAM("heap-left-random", left_random_run),
    ROUND_PROGRAM("heap-left-ordered", left_ordered_run),
    ROUND_END,
};

static const char *version(void)
{
    static char text[64];
    mallctl_fn *mallctl = (mallctl_fn *)dlsym(RTLD_DEFAULT, "mallctl");
    int (*mi_version)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "mi_version");
    const char *(*tc_version)(int *, int *, const char **) =
        (const char *(*)(int *, int *, const char **))dlsym(RTLD_DEFAULT,
                                                            "tc_version");
    const char *jemalloc = NULL;
    size_t size = sizeof(jemalloc);

    if (mallctl != NULL && mallctl("version", &jemalloc, &size, NULL, 0) == 0)
        snprintf(text, sizeof(text), "jemalloc %.40s", jemalloc);
    else if (mi_version != NULL)
        snprintf(text, sizeof(text), "mimalloc %d.%d.%d", mi_version() / 100,
                 mi_version() / 10 % 10, mi_version() % 10);
    else if (tc_version != NULL)
        snprintf(text, sizeof(text), "tcmalloc %.40s",
                 tc_version(NULL, NULL, NULL));
    else
        snprintf(text, sizeof(text), "glibc %s", gnu_get_libc_version());
    return text;
}

const struct rival rival_malloc = {
    .version = version,
    .rounds = {one_pool_rounds, many_pools_rounds, object_rounds},
    .setting = "each object malloc'd and freed, in a process of its own",
};
