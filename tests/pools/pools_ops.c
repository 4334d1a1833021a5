/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pools_ops.c - one operation, done to a pool and to the reference, which then
 * are compared. What to do, and how large, is for the caller to say.
 */
#include "pools.h"

struct pool *pools_of(struct pools *m, const struct pools_object *o)
{
    return &m->lake[o->lake].pool[o->pool];
}

void pools_check(const struct pools_object *o)
{
    CHECK(test_holds(o->at, o->size, o->seed));
}

void pools_check_all(struct pools *m)
{
    for (size_t k = 0; k < POOLS_OBJECTS; k++)
        if (m->object[k].at)
            pools_check(&m->object[k]);
}

static void keep(struct pools *m, struct pools_object *o, char *at, size_t size)
{
    o->at = at;
    o->size = size;
    o->seed = test_random_next(&m->choice.random);
    test_fill(at, size, o->seed);
}

/* A refusal must have a reason: a budget, here or above. */
static void refused(struct pools *m, const struct lake *lake)
{
    CHECK(pond_failed(lake->pond));
    CHECK(m->lake[0].limit || lake->limit);
    m->n_refused++;
}

void pools_make_fixed(struct pools *m, struct pools_object *o)
{
    struct pool *pool = pools_of(m, o);
    char *at = pond_fixed_alloc(pool->fixed);
    m->n_operations++;
    if (at == NULL) {
        refused(m, &m->lake[o->lake]);
        return;
    }
    CHECK(test_aligned(at, 16));
    keep(m, o, at, pool->size);
}

void pools_make(struct pools *m, struct pools_object *o, enum pools_call call,
                size_t size, size_t alignment)
{
    pond_heap *h = pools_of(m, o)->heap;
    char *at;
    m->n_operations++;
    if (call == CALL_ALIGNED) {
        at = pond_heap_alloc_aligned(h, size, alignment);
        CHECK(test_aligned(at, alignment));
    } else if (call == CALL_CALLOC) {
        at = pond_heap_calloc(h, size, 1);
        CHECK(!at || test_is_zero(at, size));
    } else {
        at = pond_heap_alloc(h, size);
    }
    if (at == NULL) {
        refused(m, &m->lake[o->lake]);
        return;
    }
    CHECK(test_aligned(at, 16));
    CHECK(pond_heap_usable_size(h, at) >= size);
    keep(m, o, at, size);
}

void pools_resize(struct pools *m, struct pools_object *o, size_t size)
{
    pools_check(o);
    m->n_operations++;
    char *at = pond_heap_realloc(pools_of(m, o)->heap, o->at, size);
    if (at == NULL) {
        refused(m, &m->lake[o->lake]);
        pools_check(o);
        return;
    }
    CHECK(test_holds(at, size < o->size ? size : o->size, o->seed));
    keep(m, o, at, size);
}

void pools_drop(struct pools *m, struct pools_object *o, bool sized)
{
    struct pool *pool = pools_of(m, o);
    pools_check(o);
    m->n_operations++;
    if (pool->fixed)
        pond_fixed_free(pool->fixed, o->at);
    else if (sized)
        pond_heap_free_sized(pool->heap, o->at, o->size);
    else
        pond_heap_free(pool->heap, o->at);
    o->at = NULL;
}

/* The objects of pools made after a moment are gone. */
static void forget(struct pools *m, unsigned lake, uint64_t moment)
{
    for (size_t i = 0; i < POOLS_OBJECTS; i++) {
        struct pools_object *o = &m->object[i];
        if (o->at && o->lake == lake && pools_of(m, o)->moment > moment)
            o->at = NULL;
    }
    for (size_t i = 0; i < POOLS_EACH; i++) {
        struct pool *pool = &m->lake[lake].pool[i];
        if (pool->moment > moment)
            *pool = (struct pool){0};
    }
}

void pools_open(struct pools *m, unsigned lake)
{
    m->n_operations++;
    m->lake[lake].pond = pond_create(lake ? m->lake[0].pond : NULL, "model");
    if (m->lake[lake].pond == NULL)
        CHECK(m->lake[0].limit);
}

void pools_end(struct pools *m, unsigned i)
{
    struct lake *lake = &m->lake[i];
    for (unsigned k = 1; i == 0 && k < POOLS_LAKES; k++)
        pools_end(m, k); /* its children, in the model */
    if (!lake->pond)
        return;
    forget(m, i, 0);
    m->n_operations++;
    if (i != 0)
        pond_destroy(lake->pond);
    else
        pond_reset(lake->pond);
    pond *stays = i ? NULL : lake->pond;
    size_t limit = i ? 0 : lake->limit;
    *lake = (struct lake){.pond = stays, .limit = limit};
}

void pools_limit(struct pools *m, unsigned lake, size_t bytes)
{
    m->n_operations++;
    m->lake[lake].limit = bytes;
    pond_limit(m->lake[lake].pond, bytes);
}

void pools_mark(struct pools *m, unsigned i)
{
    struct lake *lake = &m->lake[i];
    m->n_operations++;
    lake->mark = pond_mark_take(lake->pond);
    lake->marked = lake->mark.life ? ++m->moment : 0;
}

void pools_rewind(struct pools *m, unsigned i)
{
    /* Children that are younger than the mark would end, too. */
    for (unsigned k = 1; i == 0 && k < POOLS_LAKES; k++)
        pools_end(m, k);
    m->n_operations++;
    CHECK(pond_rewind(m->lake[i].pond, m->lake[i].mark) == 0);
    forget(m, i, m->lake[i].marked);
}

void pools_create(struct pools *m, unsigned i, unsigned k, size_t size)
{
    struct lake *lake = &m->lake[i];
    struct pool *pool = &lake->pool[k];
    m->n_operations++;
    pool->moment = ++m->moment;
    pool->size = size;
    if (size)
        pool->fixed = pond_fixed_create(lake->pond, size);
    else
        pool->heap = pond_heap_create(lake->pond);
    if (!pool->fixed && !pool->heap) {
        refused(m, lake);
        *pool = (struct pool){0};
    }
}

void pools_check_usage(struct pools *m, unsigned i)
{
    const struct lake *lake = &m->lake[i];
    pond_usage u = pond_usage_get(lake->pond);
    size_t bytes = 0;
    for (size_t k = 0; k < POOLS_OBJECTS; k++)
        if (m->object[k].at && m->object[k].lake == i)
            bytes += m->object[k].size;
    if (!test_region_engine())
        return;
    CHECK(u.used_bytes >= bytes);
    CHECK(u.used_bytes <= u.reserved_bytes);
    CHECK(u.peak_bytes >= u.used_bytes);
    if (lake->limit)
        CHECK(u.charged_bytes <= lake->limit);
}
