/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pools.c - random traffic over a tree of ponds with fixed pools and heaps
 * in them, against a model: what lives, where it is and what it contains; with
 * marks, budgets, resets and ends; on several threads at once.
 */
#include "support.h"

#include <limits.h>
#include <pond/fixed.h>
#include <pond/heap.h>
#include <pthread.h>

enum { PONDS = 4, POOLS = 5, OBJECTS = 1200, BATCH = 60 };

/* An object of the model: of which pool, and made when. */
struct object {
    char *at; /* NULL: none */
    size_t size;
    uint64_t seed;
    unsigned pond, pool;
};

struct pool {
    pond_fixed *fixed;
    pond_heap *heap; /* one of the two, or none */
    size_t size;     /* of fixed */
    uint64_t moment; /* when it was made */
};

struct lake {
    pond *pond;
    struct pool pool[POOLS];
    pond_mark mark;
    uint64_t marked; /* the moment of the mark; 0: none */
    size_t limit;    /* 0: none */
};

struct model {
    test_random random;
    uint64_t moment;
    struct lake lake[PONDS];
    struct object object[OBJECTS];
    unsigned refused;
};

static size_t below(struct model *m, size_t n)
{
    return test_random_below(&m->random, n);
}

/* --------------------------------------------------------------- objects */

static void check(const struct object *o)
{
    CHECK(test_holds(o->at, o->size, o->seed));
}

static struct pool *pool_of(struct model *m, const struct object *o)
{
    return &m->lake[o->pond].pool[o->pool];
}

static void drop(struct model *m, struct object *o)
{
    struct pool *pool = pool_of(m, o);
    check(o);
    if (pool->fixed)
        pond_fixed_free(pool->fixed, o->at);
    else if (below(m, 4) == 0)
        pond_heap_free_sized(pool->heap, o->at, o->size);
    else
        pond_heap_free(pool->heap, o->at);
    o->at = NULL;
}

static void keep(struct model *m, struct object *o, char *at, size_t size)
{
    o->at = at;
    o->size = size;
    o->seed = test_random_next(&m->random);
    test_fill(at, size, o->seed);
}

/* A refusal must have a reason: a budget, here or above. */
static void refused(struct model *m, const struct lake *lake)
{
    CHECK(pond_failed(lake->pond));
    CHECK(m->lake[0].limit || lake->limit);
    m->refused++;
}

static char *heap_take(struct model *m, pond_heap *h, size_t size)
{
    size_t alignment = (size_t)1 << below(m, 13);
    char *at;
    switch (below(m, 8)) {
    case 0:
        at = pond_heap_alloc_aligned(h, size, alignment);
        CHECK(test_aligned(at, alignment));
        return at;
    case 1:
        at = pond_heap_calloc(h, size, 1);
        CHECK(!at || test_is_zero(at, size));
        return at;
    default:
        return pond_heap_alloc(h, size);
    }
}

static void make(struct model *m, struct object *o)
{
    o->pond = (unsigned)below(m, PONDS);
    o->pool = (unsigned)below(m, POOLS);
    struct lake *lake = &m->lake[o->pond];
    struct pool *pool = &lake->pool[o->pool];
    if (!lake->pond || (!pool->fixed && !pool->heap))
        return;
    size_t size = pool->size;
    if (pool->heap)
        size = test_random_size(&m->random, below(m, 100) ? 12 : 20);
    char *at = pool->heap ? heap_take(m, pool->heap, size)
                          : pond_fixed_alloc(pool->fixed);
    if (at == NULL) {
        refused(m, lake);
        return;
    }
    CHECK(test_aligned(at, 16));
    if (pool->heap)
        CHECK(pond_heap_usable_size(pool->heap, at) >= size);
    keep(m, o, at, size);
}

static void resize(struct model *m, struct object *o)
{
    struct pool *pool = pool_of(m, o);
    if (!pool->heap)
        return;
    check(o);
    size_t size = test_random_size(&m->random, below(m, 50) ? 13 : 20);
    char *at = pond_heap_realloc(pool->heap, o->at, size);
    if (at == NULL) {
        refused(m, &m->lake[o->pond]);
        check(o);
        return;
    }
    CHECK(test_holds(at, size < o->size ? size : o->size, o->seed));
    keep(m, o, at, size);
}

/* The objects of pools made after a moment are gone. */
static void forget(struct model *m, unsigned lake, uint64_t moment)
{
    for (size_t i = 0; i < OBJECTS; i++) {
        struct object *o = &m->object[i];
        if (o->at && o->pond == lake && pool_of(m, o)->moment > moment)
            o->at = NULL;
    }
    for (size_t i = 0; i < POOLS; i++) {
        struct pool *pool = &m->lake[lake].pool[i];
        if (pool->moment > moment)
            *pool = (struct pool){0};
    }
}

/* ----------------------------------------------------------------- ponds */

/* Pond 0 is the parent of the others. */
static void open_pond(struct model *m, unsigned i)
{
    struct lake *lake = &m->lake[i];
    lake->pond = pond_create(i ? m->lake[0].pond : NULL, "model");
    if (lake->pond == NULL)
        CHECK(m->lake[0].limit);
}

static void end_pond(struct model *m, unsigned i)
{
    struct lake *lake = &m->lake[i];
    for (unsigned k = 1; i == 0 && k < PONDS; k++)
        end_pond(m, k); /* its children, in the model */
    forget(m, i, 0);
    if (lake->pond && i != 0)
        pond_destroy(lake->pond);
    else if (lake->pond)
        pond_reset(lake->pond);
    pond *stays = i ? NULL : lake->pond;
    size_t limit = i ? 0 : lake->limit;
    *lake = (struct lake){.pond = stays, .limit = limit};
}

static void make_pool(struct model *m, struct lake *lake)
{
    struct pool *pool = &lake->pool[below(m, POOLS)];
    if (pool->fixed || pool->heap)
        return;
    pool->moment = ++m->moment;
    if (below(m, 2)) {
        pool->size = test_random_size(&m->random, 11);
        pool->fixed = pond_fixed_create(lake->pond, pool->size);
    } else {
        pool->heap = pond_heap_create(lake->pond);
    }
    if (!pool->fixed && !pool->heap) {
        refused(m, lake);
        *pool = (struct pool){0};
    }
}

static void rewind_pond(struct model *m, unsigned i)
{
    struct lake *lake = &m->lake[i];
    if (!lake->marked || below(m, 2)) {
        lake->mark = pond_mark_take(lake->pond);
        lake->marked = lake->mark.life ? ++m->moment : 0;
        return;
    }
    /* Children that are younger than the mark would end, too. */
    for (unsigned k = 1; i == 0 && k < PONDS; k++)
        end_pond(m, k);
    CHECK(pond_rewind(lake->pond, lake->mark) == 0);
    forget(m, i, lake->marked);
}

static void check_pond(const struct model *m, unsigned i)
{
    const struct lake *lake = &m->lake[i];
    pond_usage u = pond_usage_get(lake->pond);
    size_t bytes = 0;
    for (size_t k = 0; k < OBJECTS; k++)
        if (m->object[k].at && m->object[k].pond == i)
            bytes += m->object[k].size;
    if (!test_region_engine())
        return;
    CHECK(u.used_bytes >= bytes);
    CHECK(u.used_bytes <= u.reserved_bytes);
    CHECK(u.peak_bytes >= u.used_bytes);
    if (lake->limit)
        CHECK(u.charged_bytes <= lake->limit);
}

static void step_pond(struct model *m)
{
    unsigned i = (unsigned)below(m, PONDS);
    struct lake *lake = &m->lake[i];
    if (lake->pond == NULL) {
        open_pond(m, i);
        return;
    }
    switch (below(m, 40)) {
    case 0:
        end_pond(m, i);
        break;
    case 1: /* a limit that is not below what it holds */
        lake->limit = below(m, 2) ? 0
                                  : pond_usage_tree(lake->pond).reserved_bytes +
                                        100000 + below(m, 500000);
        pond_limit(lake->pond, lake->limit);
        break;
    case 2:
    case 3:
        rewind_pond(m, i);
        break;
    case 4:
        pond_trim((unsigned)below(m, 200));
        break;
    case 5:
        check_pond(m, i);
        break;
    case 6: /* the region itself goes on beside its pools */
    case 7:
    case 8: {
        size_t size = test_random_size(&m->random, 12);
        char *at = pond_alloc(lake->pond, size);
        if (at)
            memset(at, 0xee, size);
        break;
    }
    default:
        make_pool(m, lake);
    }
}

static void step(struct model *m)
{
    /* Batches, so that whole blocks fill and empty. */
    size_t from = below(m, OBJECTS), kind = below(m, 8);
    for (size_t i = 0; i < BATCH; i++) {
        struct object *o = &m->object[(from + i) % OBJECTS];
        if (o->at == NULL && kind < 4)
            make(m, o);
        else if (o->at && kind < 2)
            resize(m, o);
        else if (o->at && kind >= 5)
            drop(m, o);
    }
    if (below(m, 3) == 0)
        step_pond(m);
}

static void *run(void *arg)
{
    struct model *m = calloc(1, sizeof *m);
    CHECK(m);
    m->random.state = *(uint64_t *)arg;
    m->lake[0].pond = pond_create(NULL, "root");
    CHECK(m->lake[0].pond);
    for (size_t i = 0; i < test_scaled(40000); i++) {
        step(m);
        if (i % 5000 == 0)
            for (size_t k = 0; k < OBJECTS; k++)
                if (m->object[k].at)
                    check(&m->object[k]);
    }
    CHECK(test_scaled(100) < 100 || !test_region_engine() || m->refused > 100);
    pond_destroy(m->lake[0].pond);
    free(m);
    return NULL;
}

static void one_thread(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        run(&seed);
}

static void many_threads(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    uint64_t seed[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        seed[i] = 100 + i;
        CHECK(pthread_create(&thread[i], NULL, run, &seed[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
}

/* ---------------------------------------------------------- handing over */

struct relay {
    pond *pond;
    pond_heap *heap;
    pond_fixed *fixed;
    char *object[2000];
    size_t round;
};

static void *one_round(void *arg)
{
    struct relay *r = arg;
    for (size_t i = 0; i < COUNT(r->object); i++) {
        size_t size = i % 3 ? 500 : 24;
        char *at = r->object[i];
        CHECK(!at || test_holds(at, size, i));
        if (at && i % 3)
            pond_heap_free(r->heap, at);
        else if (at)
            pond_fixed_free(r->fixed, at);
        r->object[i] = NULL;
        if ((i + r->round) % 5 == 0)
            continue;
        r->object[i] =
            i % 3 ? pond_heap_alloc(r->heap, size) : pond_fixed_alloc(r->fixed);
        CHECK(r->object[i]);
        test_fill(r->object[i], size, i);
    }
    r->round++;
    pond_hand_over(r->pond);
    return NULL;
}

/* A pond goes from thread to thread, its pools and their memory with it. */
static void from_thread_to_thread(void **state)
{
    (void)state;
    static struct relay r;
    r.pond = test_pond(NULL, "relay");
    r.heap = pond_heap_create(r.pond);
    r.fixed = pond_fixed_create(r.pond, 24);
    assert_non_null(r.heap);
    assert_non_null(r.fixed);
    pond_hand_over(r.pond);
    for (size_t i = 0; i < test_scaled(200); i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, one_round, &r) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        if (i % 10 == 0)
            pond_trim(UINT_MAX);
    }
    pond_destroy(r.pond);
}

/* One thread trims while others lend it pages and want them back. */
static bool stop;

static void *trim(void *arg)
{
    (void)arg;
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        pond_trim(UINT_MAX);
        (void)pond_process_usage_get();
        sched_yield();
    }
    return NULL;
}

static void trimming_beside_work(void **state)
{
    (void)state;
    pthread_t trimmer, worker;
    uint64_t seed = 500, other = 501;
    stop = false;
    CHECK(pthread_create(&trimmer, NULL, trim, NULL) == 0);
    CHECK(pthread_create(&worker, NULL, run, &other) == 0);
    run(&seed);
    CHECK(pthread_join(worker, NULL) == 0);
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    CHECK(pthread_join(trimmer, NULL) == 0);
}

int main(void)
{
    test_region_engine(); /* asks in a child: before anything is allocated */
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(one_thread),
        TEST(many_threads),
        TEST(from_thread_to_thread),
        TEST(trimming_beside_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
