/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pools_steps.c - one step: operations on some of the objects, or on a pond,
 * chosen by chance or by a fuzzer's bytes.
 */
#include "pools.h"

enum { BATCH = 60 };

static size_t below(struct pools *m, size_t n)
{
    return choice_below(&m->choice, n);
}

static void make(struct pools *m, struct pools_object *o)
{
    o->lake = (unsigned)below(m, POOLS_LAKES);
    o->pool = (unsigned)below(m, POOLS_EACH);
    struct pool *pool = pools_of(m, o);
    if (pool->fixed)
        pools_make_fixed(m, o);
    if (!pool->heap)
        return;
    size_t size = choice_size(&m->choice, below(m, 100) ? 12 : 20);
    switch (below(m, 8)) {
    case 0:
        pools_make(m, o, CALL_ALIGNED, size, (size_t)1 << below(m, 13));
        break;
    case 1:
        pools_make(m, o, CALL_CALLOC, size, 16);
        break;
    default:
        pools_make(m, o, CALL_ALLOC, size, 16);
    }
}

static void resize(struct pools *m, struct pools_object *o)
{
    if (pools_of(m, o)->heap)
        pools_resize(m, o, choice_size(&m->choice, below(m, 50) ? 13 : 20));
}

static void drop(struct pools *m, struct pools_object *o)
{
    pools_drop(m, o, pools_of(m, o)->heap && below(m, 4) == 0);
}

/* Batches, so that whole blocks fill and empty. */
static void step_objects(struct pools *m)
{
    size_t from = below(m, POOLS_OBJECTS), kind = below(m, 8);
    for (size_t i = 0; i < BATCH; i++) {
        struct pools_object *o = &m->object[(from + i) % POOLS_OBJECTS];
        if (o->at == NULL && kind < 4)
            make(m, o);
        else if (o->at && kind < 2)
            resize(m, o);
        else if (o->at && kind >= 5)
            drop(m, o);
    }
}

static void create(struct pools *m, unsigned i)
{
    unsigned k = (unsigned)below(m, POOLS_EACH);
    struct pool *pool = &m->lake[i].pool[k];
    if (pool->fixed || pool->heap)
        return;
    bool heap =
        m->kinds == POOLS_BOTH ? below(m, 2) == 0 : m->kinds == POOLS_HEAPS;
    pools_create(m, i, k, heap ? 0 : choice_size(&m->choice, 11));
}

/* The region itself goes on beside its pools. */
static void alloc(struct pools *m, unsigned i)
{
    size_t size = choice_size(&m->choice, 12);
    char *at = pond_alloc(m->lake[i].pond, size);
    m->n_operations++;
    if (at)
        memset(at, 0xee, size);
}

/* One that is not below what it holds. */
static void limit(struct pools *m, unsigned i)
{
    size_t held = pond_usage_tree(m->lake[i].pond).reserved_bytes;
    pools_limit(m, i, below(m, 2) ? 0 : held + 100000 + below(m, 500000));
}

static void step_pond(struct pools *m)
{
    unsigned i = (unsigned)below(m, POOLS_LAKES);
    if (m->lake[i].pond == NULL) {
        pools_open(m, i);
        return;
    }
    switch (below(m, 40)) {
    case 0:
        pools_end(m, i);
        break;
    case 1:
        limit(m, i);
        break;
    case 2:
    case 3:
        if (!m->lake[i].marked || below(m, 2))
            pools_mark(m, i);
        else
            pools_rewind(m, i);
        break;
    case 4:
        pond_trim((unsigned)below(m, 200));
        break;
    case 5:
        pools_check_usage(m, i);
        break;
    case 6:
    case 7:
    case 8:
        alloc(m, i);
        break;
    default:
        create(m, i);
    }
}

void pools_step(struct pools *m)
{
    step_objects(m);
    if (below(m, 3) == 0)
        step_pond(m);
}

struct pools *pools_begin(uint64_t seed, enum pools_kind kinds)
{
    struct pools *m = calloc(1, sizeof *m);
    CHECK(m);
    m->choice.random.state = seed;
    m->kinds = kinds;
    pools_open(m, 0);
    return m;
}

void pools_finish(struct pools *m)
{
    pools_check_all(m);
    pond_destroy(m->lake[0].pond);
    free(m);
}
