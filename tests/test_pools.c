/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pools.c - random traffic over a tree of ponds with fixed pools and heaps
 * in them, against a model (pools/): what lives, where it is and what it
 * contains; with marks, budgets, resets and ends; on several threads at once.
 */
#include "pools/pools.h"

#include <limits.h>
#include <pthread.h>

static void *run(void *arg)
{
    struct pools *m = pools_begin(*(uint64_t *)arg, POOLS_BOTH);
    for (size_t i = 0; i < test_scaled(40000); i++) {
        pools_step(m);
        if (i % 5000 == 0)
            pools_check_all(m);
    }
    CHECK(test_scaled(100) < 100 || !test_region_engine() ||
          m->n_refused > 100);
    pools_finish(m);
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
