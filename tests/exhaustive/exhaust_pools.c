/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhaust_pools.c - the alphabets of a fixed pool and of a heap in a pond, done
 * to them and to the reference of tests/pools. There is one pool; where it has
 * ended, whoever needs one makes it.
 */
#include "exhaustive.h"
#include "pools/pools.h"

enum { FIXED_SIZE = 1000 };

struct world {
    struct pools *model;
    size_t n;    /* objects made; those that are left are among the first n */
    size_t size; /* of the pool's objects; 0: a heap */
};

static struct world world;

static void *begin_fixed(void)
{
    world = (struct world){pools_begin(0, POOLS_BOTH), 0, FIXED_SIZE};
    return &world;
}

static void *begin_heap(void)
{
    world = (struct world){pools_begin(0, POOLS_BOTH), 0, 0};
    return &world;
}

static uint64_t end(void *w)
{
    struct pools *m = ((struct world *)w)->model;
    uint64_t operations = m->n_operations;
    pools_finish(m);
    CHECK(pond_process_usage_get().n_ponds == 0);
    return operations;
}

static void compare(struct world *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->model->object[i].at)
            pools_check(&w->model->object[i]);
    pools_check_usage(w->model, 0);
}

static bool ready(struct world *w)
{
    const struct pool *pool = &w->model->lake[0].pool[0];
    if (!pool->fixed && !pool->heap)
        pools_create(w->model, 0, 0, w->size);
    return pool->fixed || pool->heap;
}

static void make(struct world *w, enum pools_call call, size_t size,
                 size_t alignment)
{
    CHECK(w->n < POOLS_OBJECTS);
    if (!ready(w))
        return;
    struct pools_object *o = &w->model->object[w->n++];
    o->lake = o->pool = 0;
    if (w->size)
        pools_make_fixed(w->model, o);
    else
        pools_make(w->model, o, call, size, alignment);
}

static struct pools_object *newest(struct world *w)
{
    while (w->n > 0 && !w->model->object[w->n - 1].at)
        w->n--;
    return w->n ? &w->model->object[w->n - 1] : NULL;
}

static struct pools_object *oldest(struct world *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->model->object[i].at)
            return &w->model->object[i];
    return NULL;
}

/* ----------------------------------------------------------- the letters */

static void one(void *w)
{
    make(w, CALL_ALLOC, 24, 16);
    compare(w);
}

/* More than the first block has, and than the second. */
static void many(void *w)
{
    for (int i = 0; i < 40; i++)
        make(w, CALL_ALLOC, 1000, 16);
    compare(w);
}

static void middle(void *w)
{
    make(w, CALL_CALLOC, 3000, 16);
    compare(w);
}

static void large(void *w)
{
    make(w, CALL_ALLOC, 9000, 16);
    compare(w);
}

static void aligned(void *w)
{
    make(w, CALL_ALIGNED, 100, 512);
    compare(w);
}

static void free_newest(void *w)
{
    struct pools_object *o = newest(w);
    if (o)
        pools_drop(((struct world *)w)->model, o, true);
    compare(w);
}

static void free_oldest(void *w)
{
    struct pools_object *o = oldest(w);
    if (o)
        pools_drop(((struct world *)w)->model, o, false);
    compare(w);
}

/* All but the newest. */
static void free_most(void *w)
{
    struct pools_object *last = newest(w), *o;
    while ((o = oldest(w)) != NULL && o != last)
        pools_drop(((struct world *)w)->model, o, false);
    compare(w);
}

static void grow(void *w)
{
    struct pools_object *o = newest(w);
    if (o)
        pools_resize(((struct world *)w)->model, o, o->size * 3);
    compare(w);
}

static void shrink(void *w)
{
    struct pools_object *o = oldest(w);
    if (o)
        pools_resize(((struct world *)w)->model, o, o->size / 2);
    compare(w);
}

static void mark(void *w)
{
    pools_mark(((struct world *)w)->model, 0);
    compare(w);
}

static void rewind_mark(void *w)
{
    struct pools *m = ((struct world *)w)->model;
    if (m->lake[0].marked)
        pools_rewind(m, 0);
    compare(w);
}

static void reset(void *w)
{
    pools_end(((struct world *)w)->model, 0);
    compare(w);
}

static void limit_near(void *w)
{
    struct pools *m = ((struct world *)w)->model;
    size_t held = pond_usage_tree(m->lake[0].pond).reserved_bytes;
    pools_limit(m, 0, held + 3000);
    compare(w);
}

static void limit_none(void *w)
{
    pools_limit(((struct world *)w)->model, 0, 0);
    compare(w);
}

static void trim(void *w)
{
    pond_trim(0);
    ((struct world *)w)->model->n_operations++;
    compare(w);
}

static const struct letter of_fixed[] = {
    {"one", one},
    {"many", many},
    {"free newest", free_newest},
    {"free oldest", free_oldest},
    {"free most", free_most},
    {"mark", mark},
    {"rewind", rewind_mark},
    {"reset", reset},
    {"limit near", limit_near},
    {"limit none", limit_none},
    {"trim", trim},
};

static const struct letter of_heap[] = {
    {"one", one},
    {"many", many},
    {"middle", middle},
    {"large", large},
    {"aligned", aligned},
    {"grow newest", grow},
    {"shrink oldest", shrink},
    {"free newest", free_newest},
    {"free oldest", free_oldest},
    {"free most", free_most},
    {"mark", mark},
    {"rewind", rewind_mark},
    {"reset", reset},
    {"limit near", limit_near},
    {"limit none", limit_none},
};

const struct alphabet exhaustive_fixed = {"fixed", of_fixed, COUNT(of_fixed),
                                          begin_fixed, end};
const struct alphabet exhaustive_heap = {"heap", of_heap, COUNT(of_heap),
                                         begin_heap, end};
