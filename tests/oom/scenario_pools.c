/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario_pools.c - work with fixed pools, heaps and slabs.
 */
#include "scenario.h"

#include <limits.h>
#include <pond/fixed.h>
#include <pond/heap.h>
#include <pond/slab.h>
#include <pthread.h>

enum { MANY = 3000 };
static char *objects[MANY];

static size_t size_at(size_t i)
{
    return i * 61 % 4000 + 1;
}

static void fixed(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    static const size_t sizes[] = {16, 500, 20000, 2000000};
    for (size_t s = 0; p && s < COUNT(sizes); s++) {
        pond_fixed *f = due_in(p, pond_fixed_create(p, sizes[s]));
        size_t n = sizes[s] > 1000 ? 12 : MANY;
        for (size_t i = 0; f && i < n; i++) {
            objects[i] = due_in(p, pond_fixed_alloc(f));
            if (objects[i])
                test_fill(objects[i], sizes[s], i);
        }
        for (size_t i = 0; f && i < n; i++)
            CHECK(!objects[i] || test_holds(objects[i], sizes[s], i));
        for (size_t i = 0; f && i < n; i++)
            if (i % 10)
                pond_fixed_free(f, objects[i]);
        for (size_t i = 0; f && i < n; i++)
            if (i % 10)
                objects[i] = due_in(p, pond_fixed_alloc(f));
        for (size_t i = 0; f && i < n; i++)
            pond_fixed_free(f, objects[i]);
    }
    pond_destroy(p);
}

static char *heap_take(pond *p, pond_heap *h, size_t i)
{
    size_t size = size_at(i);
    if (i % 7 == 0)
        return due_in(p, pond_heap_calloc(h, size, 1));
    if (i % 11 == 0)
        return due_in(p, pond_heap_alloc_aligned(h, size, 64));
    return due_in(p, pond_heap_alloc(h, size));
}

static void heap_fill(pond *p, pond_heap *h)
{
    for (size_t i = 0; i < MANY; i++) {
        if (objects[i])
            continue;
        objects[i] = heap_take(p, h, i);
        if (objects[i])
            test_fill(objects[i], size_at(i), i);
    }
    for (size_t i = 0; i < MANY; i++)
        CHECK(!objects[i] || test_holds(objects[i], size_at(i), i));
}

static void heap(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    pond_heap *h = p ? due_in(p, pond_heap_create(p)) : NULL;
    memset(objects, 0, sizeof objects);
    for (size_t round = 0; h && round < 3; round++) {
        heap_fill(p, h);
        for (size_t i = 0; i < MANY; i++)
            if ((i + round) % 10) {
                pond_heap_free(h, objects[i]);
                objects[i] = NULL;
            }
        pond_trim(UINT_MAX); /* pages that are lent */
    }
    pond_destroy(p);
}

/* A class whose bins are to be made when there is no memory left. */
static void heap_under_a_mark(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    pond_heap *h = p ? due_in(p, pond_heap_create(p)) : NULL;
    pond_mark mark = {0, 0};
    if (h)
        mark = pond_mark_take(p);
    for (size_t i = 0; h && i < MANY; i++) {
        char *at = due_in(p, pond_heap_alloc(h, 48));
        char *other = due_in(p, pond_heap_alloc_aligned(h, 500, 512));
        if (at)
            memset(at, 1, 48);
        pond_heap_free(h, other);
    }
    if (mark.life)
        CHECK(pond_rewind(p, mark) == 0);
    pond_destroy(p);
}

static void heap_large(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    pond_heap *h = p ? due_in(p, pond_heap_create(p)) : NULL;
    char *at = NULL;
    size_t had = 0;
    for (size_t size = 9000; h && size < 6 * MIB; size = size * 3 / 2) {
        char *moved = due_in(p, pond_heap_realloc(h, at, size));
        CHECK(test_holds(moved ? moved : at, had, 5));
        if (moved)
            test_fill(at = moved, had = size, 5);
        pond_heap_free(h, due_in(p, pond_heap_calloc(h, size, 1)));
    }
    for (size_t size = had / 3; h && size > 100; size /= 3) {
        char *moved = due_in(p, pond_heap_realloc(h, at, size));
        at = moved ? moved : at;
        CHECK(test_holds(at, size, 5));
    }
    pond_destroy(p);
}

static void slab_use(pond_slab *s, size_t size, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        objects[i] = due(pond_slab_alloc(s));
        if (objects[i])
            test_fill(objects[i], size, i);
    }
    for (size_t i = 0; i < n; i++)
        CHECK(!objects[i] || test_holds(objects[i], size, i));
    for (size_t i = 0; i < n; i++)
        pond_slab_free(s, objects[i]);
}

static void slab(void)
{
    static const size_t sizes[] = {64, 3000, 9000, 200000, 3000000};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        pond_slab *slab = due(pond_slab_create(sizes[s], "oom"));
        if (!slab)
            continue;
        size_t n = sizes[s] > 100000 ? 6 : sizes[s] > 8192 ? 100 : MANY;
        slab_use(slab, sizes[s], n);
        CHECK(pond_slab_live(slab) == 0);
        pond_slab_destroy(slab);
    }
}

static void slabs(void)
{
    enum { SLABS = 40 }; /* so that tables of hands grow */
    pond_slab *slab[SLABS];
    for (size_t i = 0; i < SLABS; i++)
        slab[i] = due(pond_slab_create(100, "oom"));
    for (size_t i = 0; i < SLABS; i++)
        if (slab[i])
            slab_use(slab[i], 100, 300);
    for (size_t i = 0; i < SLABS; i++)
        pond_slab_destroy(slab[i]);
}

static void *on_a_thread(void *arg)
{
    pond_slab *s = arg;
    for (int i = 0; i < 200; i++)
        pond_slab_free(s, due(pond_slab_alloc(s)));
    return NULL;
}

static void slab_on_threads(void)
{
    pond_slab *s = due(pond_slab_create(500, "oom"));
    for (int i = 0; s && i < 5; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, on_a_thread, s) != 0)
            CHECK(refusal_is_due());
        else
            CHECK(pthread_join(thread, NULL) == 0);
    }
    pond_slab_destroy(s);
}

const struct scenario scenarios_pools[] = {
    {"fixed", fixed},
    {"heap", heap},
    {"heap under a mark", heap_under_a_mark},
    {"heap, large objects", heap_large},
    {"slab", slab},
    {"slabs", slabs},
    {"slab on threads", slab_on_threads},
};
const size_t n_scenarios_pools = COUNT(scenarios_pools);
