/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_threads.c - ponds that go from thread to thread, threads that come and
 * go, and thread-exit hooks that still use ponds. Forks and shared objects are
 * in test_process.c.
 */
#include "support.h"

#include <limits.h>
#include <pthread.h>
#include <unistd.h>

static pthread_t start(void *(*fn)(void *), void *arg)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fn, arg) == 0);
    return thread;
}

static void join(pthread_t thread)
{
    CHECK(pthread_join(thread, NULL) == 0);
}

/* ---------------------------------------------------- a queue of ponds */

enum { queue_room = 32 };

struct parcel {
    pond *p;
    char *at;
    size_t size;
    uint64_t seed;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct parcel parcels[queue_room];
    size_t n;
    size_t producers;
};

static void put(struct queue *q, struct parcel parcel)
{
    pthread_mutex_lock(&q->lock);
    while (q->n == queue_room)
        pthread_cond_wait(&q->changed, &q->lock);
    q->parcels[q->n++] = parcel;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

static bool get(struct queue *q, struct parcel *parcel)
{
    pthread_mutex_lock(&q->lock);
    while (q->n == 0 && q->producers > 0)
        pthread_cond_wait(&q->changed, &q->lock);
    bool got = q->n > 0;
    if (got)
        *parcel = q->parcels[--q->n];
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
    return got;
}

static void leave_queue(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->producers--;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

static void count_cleanup(void *counter)
{
    __atomic_fetch_add((size_t *)counter, 1, __ATOMIC_RELAXED);
}

static size_t cleanups_run;

static void *produce(void *arg)
{
    struct queue *q = arg;
    test_random r = {(uintptr_t)&r};
    for (size_t i = 0; i < test_scaled(20000); i++) {
        struct parcel parcel = {test_pond(NULL, "parcel"), NULL,
                                test_random_size(&r, i % 100 ? 13 : 20), i};
        parcel.at = pond_alloc(parcel.p, parcel.size);
        CHECK(parcel.at);
        test_fill(parcel.at, parcel.size, i);
        pond *child = test_pond(parcel.p, "parcel child");
        CHECK(pond_strdup(child, "child"));
        test_defer(child, count_cleanup, &cleanups_run);
        pond_hand_over(parcel.p);
        put(q, parcel);
    }
    leave_queue(q);
    return NULL;
}

static void *consume(void *arg)
{
    struct queue *q = arg;
    struct parcel parcel;
    while (get(q, &parcel)) {
        CHECK(test_holds(parcel.at, parcel.size, parcel.seed));
        char *more = pond_calloc(parcel.p, 3, 700);
        CHECK(more && test_is_zero(more, 2100));
        CHECK(pond_usage_tree(parcel.p).n_children == 1);
        pond_destroy(parcel.p);
    }
    return NULL;
}

static void made_here_ended_there(void **state)
{
    (void)state;
    struct queue q = {.lock = PTHREAD_MUTEX_INITIALIZER,
                      .changed = PTHREAD_COND_INITIALIZER,
                      .producers = 2};
    cleanups_run = 0;
    pthread_t threads[4] = {start(produce, &q), start(consume, &q),
                            start(produce, &q), start(consume, &q)};
    for (size_t i = 0; i < 4; i++)
        join(threads[i]);
    assert_int_equal(cleanups_run, 2 * test_scaled(20000));
    pthread_mutex_destroy(&q.lock);
    pthread_cond_destroy(&q.changed);
}

/* ---------------------------------------- ended ponds that change threads */

enum { stock_ponds = 100 };

static void *make_some(void *arg)
{
    pond **made = arg;
    for (size_t i = 0; i < stock_ponds; i++) {
        made[i] = test_pond(NULL, "stocked");
        char *at = pond_calloc(made[i], 1, 200);
        CHECK(at && test_is_zero(at, 200));
        test_fill(at, 200, i);
        pond_hand_over(made[i]);
    }
    return NULL;
}

/* What one thread ends another begins anew: empty, zero where asked, and idle
 * meanwhile, wherever it lies. */
static void ended_ones_change_threads(void **state)
{
    (void)state;
    test_needs_region();
    pond *made[stock_ponds];
    pond_destroy(test_pond(NULL, "stocked"));
    pond_trim(UINT_MAX);
    size_t in_use = pond_process_usage_get().in_use_bytes;
    for (size_t round = 0; round < 20; round++) {
        join(start(make_some, made));
        for (size_t i = 0; i < stock_ponds; i++)
            pond_destroy(made[i]);
        pond_process_usage u = pond_process_usage_get();
        assert_int_equal(u.in_use_bytes, in_use);
        assert_true(u.thread_cache_bytes > 0);
    }
    pond_options larger = {.size = sizeof larger, .first_block_bytes = 4096};
    pond *p = pond_create_with(NULL, "stocked", &larger);
    assert_non_null(p);
    assert_int_equal(pond_usage_get(p).reserved_bytes, 4096);
    pond_destroy(p);
    pond_trim(UINT_MAX);
    pond_process_usage u = pond_process_usage_get();
    assert_int_equal(u.in_use_bytes, in_use);
    assert_int_equal(u.thread_cache_bytes, 0);
}

/* ------------------------------------------- one pond, threads in turn */

struct relay {
    pond *p;
    pond_mark mark;
    char *objects[64];
    size_t n;
};

static void *run_leg(void *arg)
{
    struct relay *r = arg;
    for (size_t k = 0; k < r->n; k++)
        CHECK(test_holds(r->objects[k], 50 + 300 * k, k));
    r->objects[r->n] = pond_alloc(r->p, 50 + 300 * r->n);
    CHECK(r->objects[r->n]);
    test_fill(r->objects[r->n], 50 + 300 * r->n, r->n);
    r->n++;
    pond *child = test_pond(r->p, "leg");
    CHECK(pond_alloc(child, test_hide(20000)));
    pond_destroy(child);
    pond_mark mark = pond_mark_take(r->p);
    CHECK(pond_alloc(r->p, test_hide(200000)));
    CHECK(pond_rewind(r->p, mark) == 0);
    pond_hand_over(r->p);
    return NULL;
}

static void one_pond_many_owners(void **state)
{
    (void)state;
    for (size_t round = 0; round < test_scaled(30); round++) {
        struct relay r = {.p = test_pond(NULL, "relay")};
        pond_limit(r.p, 10 * MIB);
        r.mark = pond_mark_take(r.p);
        pond_hand_over(r.p);
        while (r.n < COUNT(r.objects))
            join(start(run_leg, &r));
        assert_int_equal(pond_rewind(r.p, r.mark), 0);
        assert_true(pond_usage_get(r.p).used_bytes < 1000);
        pond_destroy(r.p);
    }
}

/* ------------------------------------------------ threads come and go */

/* Fills and empties its cache, and leaves one pond behind. */
static void *brief_thread(void *arg)
{
    pond **left = arg;
    for (int i = 0; i < 20; i++) {
        pond *p = test_pond(NULL, "brief");
        for (size_t size = 16; size < 50000; size *= 3)
            memset(pond_alloc(p, size), 1, size);
        pond_destroy(p);
    }
    *left = test_pond(NULL, "left behind");
    char *text = pond_strdup(*left, "left behind");
    CHECK(text);
    pond_hand_over(*left);
    return NULL;
}

static void threads_come_and_go(void **state)
{
    (void)state;
    size_t base = pond_process_usage_get().n_threads;
    size_t mapped = 0;
    size_t most = 0;
    size_t batches = test_scaled(1000);
    for (size_t batch = 0; batch < batches; batch++) {
        enum { n = 8 };
        pthread_t threads[n];
        pond *left[n];
        for (size_t i = 0; i < n; i++)
            threads[i] = start(brief_thread, &left[i]);
        for (size_t i = 0; i < n; i++)
            join(threads[i]);
        for (size_t i = 0; i < n; i++) {
            char *more = pond_printf(left[i], "used by %zu", i);
            assert_non_null(more);
            assert_string_equal(pond_name(left[i]), "left behind");
            pond_destroy(left[i]);
        }
        pond_process_usage u = pond_process_usage_get();
        assert_true(u.n_threads <= base + 1);
        most = u.mapped_bytes > most ? u.mapped_bytes : most;
        if (batch == 20)
            mapped = most;
    }
    if (test_region_engine() && batches > 20 && most > mapped + 4 * MIB)
        fail_msg("%zu bytes mapped, %zu after the first 20 batches", most,
                 mapped);
}

/* ------------------------------------------------- hooks at thread exit */

enum { n_keys = 12 };
static pthread_key_t keys[n_keys];

/* Runs before and after the library's own hook, whatever their order. */
static void use_ponds_at_exit(void *arg)
{
    uintptr_t turn = (uintptr_t)arg;
    size_t key = turn % n_keys;
    pond *p = test_pond(NULL, "at exit");
    test_defer(p, count_cleanup, &cleanups_run);
    for (size_t size = 16; size < 300000; size *= 5) {
        char *at = pond_alloc(p, size);
        CHECK(at);
        memset(at, 1, size);
    }
    pond *child = test_pond(p, "at exit");
    CHECK(pond_strdup(child, "child"));
    pond_destroy(p);
    if (turn < 3 * n_keys) /* and again, and a third time */
        CHECK(pthread_setspecific(keys[key], (void *)(turn + n_keys)) == 0);
}

static void *thread_with_hooks(void *arg)
{
    (void)arg;
    for (uintptr_t i = 0; i < n_keys; i++)
        if (i % 2 == 0)
            CHECK(pthread_setspecific(keys[i], (void *)(n_keys + i)) == 0);
    pond_destroy(test_pond(NULL, "first use"));
    for (uintptr_t i = 0; i < n_keys; i++)
        if (i % 2)
            CHECK(pthread_setspecific(keys[i], (void *)(n_keys + i)) == 0);
    return NULL;
}

static void hooks_after_the_flush(void **state)
{
    (void)state;
    /* some keys are made before the library can have made its own: see main */
    size_t base = pond_process_usage_get().n_threads;
    cleanups_run = 0;
    size_t rounds = test_scaled(600);
    size_t mapped = 0;
    for (size_t i = 0; i < rounds; i++) {
        pthread_t a = start(thread_with_hooks, NULL);
        pthread_t b = start(thread_with_hooks, NULL);
        join(a);
        join(b);
        pond_process_usage u = pond_process_usage_get();
        if (i == 20)
            mapped = u.mapped_bytes;
        if (test_region_engine() && i > 20 && u.mapped_bytes > mapped + 4 * MIB)
            fail_msg("%zu bytes mapped after %zu rounds, %zu after 20",
                     u.mapped_bytes, i, mapped);
        assert_true(u.n_threads <= base + 1);
    }
    assert_int_equal(cleanups_run, rounds * 2 * n_keys * 3);
}

/* A thread that uses ponds in a hook for the first time. */
static void *thread_that_never_did(void *arg)
{
    (void)arg;
    for (uintptr_t i = 0; i < n_keys; i++)
        CHECK(pthread_setspecific(keys[i], (void *)(3 * n_keys + i)) == 0);
    return NULL;
}

static void first_use_in_a_hook(void **state)
{
    (void)state;
    size_t base = pond_process_usage_get().n_threads;
    for (size_t i = 0; i < test_scaled(300); i++)
        join(start(thread_that_never_did, NULL));
    assert_true(pond_process_usage_get().n_threads <= base + 1);
}

/* ------------------------------------------------ the shared parts at once */

static int stop_asking;

static void *ask_on_and_on(void *arg)
{
    (void)arg;
    while (!__atomic_load_n(&stop_asking, __ATOMIC_ACQUIRE)) {
        pond_process_usage u = pond_process_usage_get();
        CHECK(u.n_classes < 1000);
        pond_trim(0);
        pond_destroy(test_pond(NULL, "asking"));
    }
    return NULL;
}

/* The same new names on all threads at the same moment. */
static void *name_and_fill(void *arg)
{
    test_random r = {(uintptr_t)arg};
    for (size_t i = 0; i < test_scaled(3000); i++) {
        char name[32];
        snprintf(name, sizeof name, "class %zu", i % 100);
        pond *p = test_pond(NULL, name);
        CHECK(strcmp(pond_name(p), name) == 0);
        size_t size = test_random_size(&r, i % 30 ? 14 : 21);
        char *at = pond_alloc(p, size);
        CHECK(at);
        at[0] = at[size - 1] = 1;
        pond_destroy(p);
        if (i % 500 == 499)
            pond_trim(UINT32_MAX);
    }
    return NULL;
}

static void all_at_once(void **state)
{
    (void)state;
    stop_asking = 0;
    pthread_t asker = start(ask_on_and_on, NULL);
    pthread_t threads[6];
    for (size_t i = 0; i < COUNT(threads); i++)
        threads[i] = start(name_and_fill, NUMBER(i + 1));
    for (size_t i = 0; i < COUNT(threads); i++)
        join(threads[i]);
    __atomic_store_n(&stop_asking, 1, __ATOMIC_RELEASE);
    join(asker);
    pond_class_usage rows[300];
    size_t n = pond_class_usage_get(rows, COUNT(rows));
    size_t found = 0;
    for (size_t i = 0; i < n && i < COUNT(rows); i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rows[i].name, rows[k].name);
        found += strncmp(rows[i].name, "class ", 6) == 0;
        assert_int_equal(rows[i].n_ponds, 0);
    }
    assert_int_equal(found, test_scaled(3000) < 100 ? test_scaled(3000) : 100);
}

static void look(const pond *p, void *counter)
{
    ++*(size_t *)counter;
    CHECK(pond_name(p));
    CHECK(pond_usage_get(p).reserved_bytes > 0);
}

/* Visits while other threads make and end ponds. What a visit reads may be
 * changing under it, by its contract; so this is nothing for TSan. */
static void visits_beside_work(void **state)
{
    (void)state;
    if (TEST_TSAN)
        skip();
    size_t seen = 0;
    pond *mine = test_pond(NULL, "mine");
    pthread_t threads[3];
    for (size_t i = 0; i < COUNT(threads); i++)
        threads[i] = start(name_and_fill, NUMBER(i + 1));
    size_t rounds = test_scaled(3000);
    for (size_t i = 0; i < rounds; i++) {
        pond_visit(look, &seen);
        pond_class_usage rows[10];
        assert_true(pond_class_usage_get(rows, COUNT(rows)) > 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++)
        join(threads[i]);
    assert_true(seen >= rounds);
    pond_destroy(mine);
}

/* -------------------------------------------- a process limit, together */

static void *fill_until_refused(void *arg)
{
    size_t *refused = arg;
    test_random r = {(uintptr_t)arg};
    for (int round = 0; round < 20; round++) {
        pond *p = pond_create(NULL, "together");
        if (!p) { /* the others hold it all */
            ++*refused;
            continue;
        }
        char *at;
        while ((at = pond_alloc(p, test_random_size(&r, 18))))
            at[0] = 1;
        CHECK(pond_failed(p));
        ++*refused;
        pond_destroy(p);
    }
    return NULL;
}

struct limited {
    size_t limit;
    int stop;
};

static void *watch_committed(void *arg)
{
    struct limited *l = arg;
    while (!__atomic_load_n(&l->stop, __ATOMIC_ACQUIRE))
        CHECK(pond_process_usage_get().committed_bytes <= l->limit);
    return NULL;
}

static void a_process_limit_for_all(void **state)
{
    (void)state;
    test_needs_region();
    struct limited l = {0, 0};
    pond_trim(UINT32_MAX);
    l.limit = pond_process_usage_get().committed_bytes + 30 * MIB;
    pond_process_limit(l.limit);
    size_t refused[4] = {0};
    pthread_t watcher = start(watch_committed, &l);
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        threads[i] = start(fill_until_refused, &refused[i]);
    for (size_t i = 0; i < COUNT(threads); i++)
        join(threads[i]);
    __atomic_store_n(&l.stop, 1, __ATOMIC_RELEASE);
    join(watcher);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_true(refused[i] > 0);
    pond_process_limit(0);
}

int main(void)
{
    /* Half of the keys before the first pond, half after it. */
    for (size_t i = 0; i < n_keys; i++) {
        if (i == n_keys / 2)
            pond_destroy(test_pond(NULL, "first"));
        CHECK(pthread_key_create(&keys[i], use_ponds_at_exit) == 0);
    }
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(made_here_ended_there),
        TEST(one_pond_many_owners),
        TEST(ended_ones_change_threads),
        TEST(threads_come_and_go),
        TEST(hooks_after_the_flush),
        TEST(first_use_in_a_hook),
        TEST(all_at_once),
        TEST(visits_beside_work),
        TEST(a_process_limit_for_all),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
