/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_slab.c - objects of one size for all threads: sizes, what goes back,
 * threads that come and go, forks, ends and misuses.
 */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <pond/slab.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pond_slab *make(size_t size)
{
    pond_slab *s = pond_slab_create(size, "test");
    assert_non_null(s);
    return s;
}

static char *take(pond_slab *s)
{
    char *object = pond_slab_alloc(s);
    CHECK(object);
    return object;
}

static size_t in_use(void)
{
    pond_trim(UINT_MAX);
    return pond_process_usage_get().in_use_bytes;
}

static size_t baseline;

static int set_up(void **state)
{
    (void)state;
    baseline = in_use();
    return 0;
}

/* Every test destroys its slabs; then nothing is left of them. */
static int nothing_is_left(void **state)
{
    (void)state;
    /* A table of magazines may stay with the thread. */
    size_t now = in_use();
    if (now > baseline + 64 * KIB)
        print_error("%zu bytes are in use, %zu were before\n", now, baseline);
    return now > baseline + 64 * KIB ? -1 : 0;
}

static void objects_are_aligned_and_apart(void **state)
{
    (void)state;
    enum { N = 300 };
    static const size_t sizes[] = {0,     1,      16,      17,     48,    64,
                                   100,   192,    256,     1000,   1024,  4096,
                                   5000,  8192,   8193,    9000,   16384, 65536,
                                   65537, 200000, 1 << 20, 3000000};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        pond_slab *slab = make(sizes[s]);
        size_t unit = test_round16(sizes[s]), align = unit & -unit;
        size_t n = sizes[s] > 100000 ? 5 : N;
        char *object[N];
        for (int round = 0; round < 3; round++) {
            for (size_t i = 0; i < n; i++) {
                object[i] = take(slab);
                assert_true(test_aligned(object[i], align < 4096 ? align : 16));
                test_fill(object[i], sizes[s], i);
            }
            assert_int_equal(pond_slab_live(slab), n);
            for (size_t i = 0; i < n; i++)
                assert_true(test_holds(object[i], sizes[s], i));
            for (size_t i = 0; i < n; i++)
                pond_slab_free(slab, object[i * 7 % n]);
            assert_int_equal(pond_slab_live(slab), 0);
        }
        pond_slab_free(slab, NULL);
        pond_slab_destroy(slab);
    }
    pond_slab_destroy(NULL);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(pond_slab_create(test_hide(SIZE_MAX), "x"));
    assert_null(pond_slab_create(test_hide(PTRDIFF_MAX), "x"));
    pond_slab *s = pond_slab_create((size_t)1 << 60, NULL);
    assert_non_null(s);
    assert_null(pond_slab_alloc(s));
    assert_int_equal(pond_slab_live(s), 0);
    pond_slab_destroy(s);
}

static void empty_slices_go_back(void **state)
{
    (void)state;
    test_needs_region();
    enum { N = 100000 };
    size_t n = test_scaled(N);
    pond_slab *s = make(200);
    char **object = malloc(n * sizeof *object);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < n; i++)
            object[i] = take(s);
        assert_true(pond_process_usage_get().in_use_bytes >=
                    baseline + 208 * n);
        assert_int_equal(pond_slab_live(s), n);
        for (size_t i = 0; i < n; i++)
            pond_slab_free(s, object[i]);
        /* Even without trimming little is held: what magazines hold. */
        assert_true(pond_process_usage_get().in_use_bytes <=
                    baseline + 208 * n / 4 + 4 * MIB);
        assert_true(in_use() <= baseline + 128 * KIB);
    }
    free(object);
    pond_slab_destroy(s);
}

/* Trimming little by little comes to the same. */
static void trimming_in_steps(void **state)
{
    (void)state;
    test_needs_region();
    enum { N = 3000 };
    static char *object[N];
    pond_slab *s = make(1000);
    for (size_t i = 0; i < N; i++)
        object[i] = take(s);
    for (size_t i = 0; i < N; i++)
        pond_slab_free(s, object[i]);
    pond_trim(0);
    size_t before = pond_process_usage_get().in_use_bytes;
    for (int i = 0; i < 40; i++) {
        usleep(60000);
        pond_trim(100);
    }
    size_t after = pond_process_usage_get().in_use_bytes;
    assert_true(before >= baseline + 64 * KIB); /* there was something */
    assert_true(after <= baseline + 64 * KIB);
    pond_slab_destroy(s);
}

/* ------------------------------------------------------------- many slabs */

static void more_slabs_than_there_are_places(void **state)
{
    (void)state;
    enum { N = 1100 };
    static pond_slab *slab[N];
    static char *object[N][3];
    for (size_t i = 0; i < N; i++) {
        char name[128];
        snprintf(name, sizeof name, "number %zu of many, %080zu", i, i);
        slab[i] = pond_slab_create(16 + i, name);
        assert_non_null(slab[i]);
        for (size_t k = 0; k < 3; k++)
            test_fill(object[i][k] = take(slab[i]), 16 + i, i * 3 + k);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < 3; k++)
            assert_true(test_holds(object[i][k], 16 + i, i * 3 + k));
        assert_int_equal(pond_slab_live(slab[i]), 3);
    }
    for (size_t i = 0; i < N; i++) {
        size_t n = i * 13 % N; /* places come free in any order */
        for (size_t k = 0; k < 3; k++)
            pond_slab_free(slab[n], object[n][k]);
        pond_slab_destroy(slab[n]);
        slab[n] = make(100);
        object[n][0] = take(slab[n]);
        object[n][1] = take(slab[n]);
        pond_slab_free(slab[n], object[n][1]);
        assert_int_equal(pond_slab_live(slab[n]), 1);
    }
    for (size_t i = 0; i < N; i++) {
        pond_slab_free(slab[i], object[i][0]);
        pond_slab_destroy(slab[i]);
    }
}

/* ---------------------------------------------------------------- threads */

enum { THREADS = 4, SHARED = 64 };

struct exchange {
    pond_slab *slab;
    pthread_mutex_t lock[SHARED];
    char *object[SHARED];
    uint64_t seed[SHARED];
    size_t size;
};

struct worker {
    struct exchange *x;
    uint64_t seed;
};

/* Objects made by one thread are checked and freed by another. */
static void *trade(void *arg)
{
    struct worker *w = arg;
    struct exchange *x = w->x;
    test_random r = {w->seed};
    for (size_t i = 0; i < test_scaled(200000); i++) {
        uint64_t seed = test_random_next(&r);
        char *mine = take(x->slab);
        test_fill(mine, x->size, seed);
        size_t k = test_random_below(&r, SHARED);
        CHECK(pthread_mutex_lock(&x->lock[k]) == 0);
        char *theirs = x->object[k];
        uint64_t their_seed = x->seed[k];
        x->object[k] = mine;
        x->seed[k] = seed;
        CHECK(pthread_mutex_unlock(&x->lock[k]) == 0);
        if (theirs) {
            CHECK(test_holds(theirs, x->size, their_seed));
            pond_slab_free(x->slab, theirs);
        }
        if (i % 5000 == 4999)
            pond_trim(i % 3 ? 100 : UINT_MAX);
    }
    return NULL;
}

static void objects_travel_between_threads(void **state)
{
    (void)state;
    static const size_t sizes[] = {24, 500, 8000, 20000};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        static struct exchange x;
        x.slab = make(x.size = sizes[s]);
        for (size_t i = 0; i < SHARED; i++) {
            x.object[i] = NULL;
            pthread_mutex_init(&x.lock[i], NULL);
        }
        pthread_t thread[THREADS];
        struct worker w[THREADS];
        for (size_t i = 0; i < THREADS; i++) {
            w[i] = (struct worker){&x, s * 100 + i};
            CHECK(pthread_create(&thread[i], NULL, trade, &w[i]) == 0);
        }
        for (size_t i = 0; i < THREADS; i++)
            CHECK(pthread_join(thread[i], NULL) == 0);
        size_t left = 0;
        for (size_t i = 0; i < SHARED; i++)
            left += x.object[i] != NULL;
        assert_int_equal(pond_slab_live(x.slab), left);
        for (size_t i = 0; i < SHARED; i++)
            pond_slab_free(x.slab, x.object[i]);
        pond_slab_destroy(x.slab);
    }
}

enum { QUEUE = 4096 };

struct queue {
    pond_slab *slab;
    char *object[QUEUE];
    size_t head, tail;
};

static void *produce(void *arg)
{
    struct queue *q = arg;
    for (size_t i = 0; i < test_scaled(1000000); i++) {
        while (i - __atomic_load_n(&q->tail, __ATOMIC_ACQUIRE) == QUEUE)
            sched_yield();
        char *object = take(q->slab);
        memcpy(object, &i, sizeof i);
        q->object[i % QUEUE] = object;
        __atomic_store_n(&q->head, i + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

/* One thread only allocates, the other only frees: nothing piles up. */
static void producer_and_consumer(void **state)
{
    (void)state;
    static struct queue q;
    q.slab = make(64);
    pthread_t thread;
    size_t most = 0;
    CHECK(pthread_create(&thread, NULL, produce, &q) == 0);
    for (size_t i = 0; i < test_scaled(1000000); i++) {
        while (__atomic_load_n(&q.head, __ATOMIC_ACQUIRE) == i)
            sched_yield();
        char *object = q.object[i % QUEUE];
        size_t n;
        memcpy(&n, object, sizeof n);
        assert_int_equal(n, i);
        pond_slab_free(q.slab, object);
        __atomic_store_n(&q.tail, i + 1, __ATOMIC_RELEASE);
        if (i % 10000 == 0) {
            size_t now = pond_process_usage_get().in_use_bytes;
            most = now > most ? now : most;
        }
    }
    CHECK(pthread_join(thread, NULL) == 0);
    assert_int_equal(pond_slab_live(q.slab), 0);
    assert_true(most <= baseline + 4 * MIB);
    pond_slab_destroy(q.slab);
}

static void *visit(void *arg)
{
    pond_slab *s = arg;
    char *object[200];
    for (size_t i = 0; i < COUNT(object); i++)
        object[i] = take(s);
    for (size_t i = 0; i < COUNT(object); i++)
        pond_slab_free(s, object[i]);
    return NULL;
}

static void threads_come_and_go(void **state)
{
    (void)state;
    pond_slab *s = make(64), *t = make(3000);
    size_t n = test_scaled(100000), settled = 0, held = 0;
    for (size_t i = 0; i < n; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, visit, i % 2 ? s : t) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        if (i == n / 10) {
            settled = test_resident();
            held = pond_process_usage_get().in_use_bytes;
        }
    }
    assert_int_equal(pond_slab_live(s), 0);
    assert_int_equal(pond_slab_live(t), 0);
    assert_true(pond_process_usage_get().in_use_bytes <= held + 256 * KIB);
    if (!TEST_ASAN && !TEST_TSAN && !test_under_valgrind())
        assert_true(test_resident() <= settled + MIB);
    pond_slab_destroy(s);
    pond_slab_destroy(t);
}

/* ------------------------------------------- after the thread's own end */

static pthread_key_t late_key;
static pond_slab *late_slab, *late_big;

/* Runs when the thread's magazines are gone already. */
static void late(void *arg)
{
    (void)arg;
    char *object[300];
    for (size_t i = 0; i < COUNT(object); i++)
        test_fill(object[i] = take(late_slab), 100, i);
    for (size_t i = 0; i < COUNT(object); i++)
        CHECK(test_holds(object[i], 100, i));
    for (size_t i = 0; i < COUNT(object); i++)
        pond_slab_free(late_slab, object[i]);
    pond_slab_free(late_big, take(late_big));
}

static void *live_on(void *arg)
{
    char *object = take(late_slab), *other = take(late_slab);
    CHECK(pthread_setspecific(late_key, object) == 0);
    pond_slab_free(late_slab, object);
    if (arg) /* a full magazine is in the depot then */
        visit(late_slab);
    pond_slab_free(late_slab, other);
    return NULL;
}

static void a_thread_past_its_end(void **state)
{
    (void)state;
    late_slab = make(100);
    late_big = make(10000);
    CHECK(pthread_key_create(&late_key, late) == 0);
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, live_on,
                             i % 2 ? late_slab : NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        if (i == 1)
            pond_trim(UINT_MAX);
    }
    CHECK(pthread_key_delete(late_key) == 0);
    assert_int_equal(pond_slab_live(late_slab), 0);
    pond_slab_destroy(late_slab);
    pond_slab_destroy(late_big);
}

/* ------------------------------------------------------------------ fork */

static bool stop;

static void *hammer(void *arg)
{
    pond_slab *s = arg;
    char *object[500];
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        for (size_t i = 0; i < COUNT(object); i++)
            object[i] = take(s);
        for (size_t i = 0; i < COUNT(object); i++)
            pond_slab_free(s, object[i]);
    }
    return NULL;
}

static void use_in_child(void *arg)
{
    pond_slab *s = arg;
    char *object[1000];
    for (size_t i = 0; i < COUNT(object); i++)
        test_fill(object[i] = take(s), 64, i);
    for (size_t i = 0; i < COUNT(object); i++)
        CHECK(test_holds(object[i], 64, i));
    for (size_t i = 0; i < COUNT(object); i++)
        pond_slab_free(s, object[i]);
    pond_trim(UINT_MAX);
    pond_slab *new = pond_slab_create(100, "new");
    CHECK(new);
    pond_slab_free(new, take(new));
    pond_slab_destroy(new);
}

static void forks_beside_working_threads(void **state)
{
    (void)state;
    pond_slab *s = make(64);
    char *mine = take(s);
    test_fill(mine, 64, 1);
    pthread_t thread[2];
    stop = false;
    for (size_t i = 0; i < COUNT(thread); i++)
        CHECK(pthread_create(&thread[i], NULL, hammer, s) == 0);
    for (size_t i = 0; i < test_scaled(100); i++)
        assert_int_equal(test_in_child(use_in_child, s), 0);
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    for (size_t i = 0; i < COUNT(thread); i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    assert_true(test_holds(mine, 64, 1));
    assert_int_equal(pond_slab_live(s), 1);
    pond_slab_free(s, mine);
    pond_slab_destroy(s);
}

/* ---------------------------------------------------------------- the end */

static void *hold_some(void *arg)
{
    pond_slab *s = arg;
    char *object[10];
    for (size_t i = 0; i < COUNT(object); i++)
        object[i] = take(s);
    for (size_t i = 3; i < COUNT(object); i++)
        pond_slab_free(s, object[i]);
    return NULL;
}

/* What standard error says while a slab is destroyed. */
static void destroy_reading(pond_slab *s, char *text, size_t room)
{
    int ends[2], kept = dup(STDERR_FILENO);
    CHECK(pipe(ends) == 0 && kept >= 0);
    CHECK(dup2(ends[1], STDERR_FILENO) >= 0);
    pond_slab_destroy(s);
    CHECK(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    close(ends[1]);
    ssize_t n = read(ends[0], text, room - 1);
    text[n > 0 ? n : 0] = 0;
    close(ends[0]);
}

static void an_end_tells_what_lives(void **state)
{
    (void)state;
    test_needs_region(); /* a checker of leaks would tell, too */
    char text[300];
    for (size_t size = 100; size < 20000; size *= 100) {
        pond_slab *s = pond_slab_create(size, "leaky");
        char *object = take(s);
        pond_slab_free(s, take(s));
        test_fill(object, size, 1);
        destroy_reading(s, text, sizeof text);
        assert_non_null(strstr(text, "\"leaky\""));
        assert_non_null(strstr(text, "1 object"));
        assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
        assert_true(test_holds(object, size, 1)); /* it stays */
        s = pond_slab_create(size, "clean");
        object = take(s);
        pond_slab_free(s, object);
        destroy_reading(s, text, sizeof text);
        assert_string_equal(text, "");
    }
    pond_slab *s = make(100);
    hold_some(s);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, hold_some, s) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    destroy_reading(s, text, sizeof text);
    assert_non_null(strstr(text, "6 objects"));
    baseline += 256 * KIB;
}

/* Another thread still has magazines of the slab; it loses them. */
struct meeting {
    pthread_barrier_t barrier;
    pond_slab *first, *second;
};

static void *outlive(void *arg)
{
    struct meeting *m = arg;
    visit(m->first);
    pthread_barrier_wait(&m->barrier);
    pthread_barrier_wait(&m->barrier); /* first is destroyed here */
    char *object = take(m->second);    /* in the same place */
    test_fill(object, 500, 1);
    CHECK(test_holds(object, 500, 1));
    pond_slab_free(m->second, object);
    return NULL;
}

static void a_place_is_used_again(void **state)
{
    (void)state;
    static struct meeting m;
    CHECK(pthread_barrier_init(&m.barrier, NULL, 2) == 0);
    m.first = make(64);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, outlive, &m) == 0);
    pthread_barrier_wait(&m.barrier);
    char text[300];
    destroy_reading(m.first, text, sizeof text);
    assert_string_equal(text, "");
    m.second = make(500);
    pthread_barrier_wait(&m.barrier);
    CHECK(pthread_join(thread, NULL) == 0);
    assert_int_equal(pond_slab_live(m.second), 0);
    pond_slab_destroy(m.second);
    CHECK(pthread_barrier_destroy(&m.barrier) == 0);
}

static void without_memory(void **state)
{
    (void)state;
    static const size_t sizes[] = {64, 2000, 8192, 30000, 100000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond_slab *s = make(sizes[i]);
        pond_slab_free(s, take(s));
        size_t limit = pond_process_usage_get().committed_bytes + 4 * MIB;
        pond_process_limit(limit);
        static char *object[200000];
        size_t n = 0;
        while (n < COUNT(object) && (object[n] = pond_slab_alloc(s)) != NULL)
            test_fill(object[n++], sizes[i], 1);
        assert_true(n < COUNT(object));
        assert_true(n * sizes[i] >= MIB);
        for (int round = 0; round < 3; round++) {
            for (size_t k = 0; k < n; k++) {
                assert_true(test_holds(object[k], sizes[i], 1));
                pond_slab_free(s, object[k]);
            }
            size_t had = n; /* magazines take their share */
            for (n = 0; n < had && (object[n] = pond_slab_alloc(s)); n++)
                test_fill(object[n], sizes[i], 1);
            if (n < had - had / 20)
                fail_msg("%zu of %zu objects", n, had);
        }
        for (size_t k = 0; k < n; k++)
            pond_slab_free(s, object[k]);
        pond_process_limit(0);
        pond_slab_destroy(s);
    }
}

/* ---------------------------------------------------------------- misuses */

static void free_twice(void *arg)
{
    (void)arg;
    pond_slab *s = pond_slab_create(64, "twice");
    char *object[1000];
    for (size_t i = 0; i < COUNT(object); i++)
        object[i] = take(s);
    pond_slab_free(s, object[0]);
    for (size_t i = 0; i < COUNT(object); i++)
        pond_slab_free(s, object[i]);
    pond_trim(UINT_MAX);
}

static void free_elsewhere(void *arg)
{
    (void)arg;
    pond_slab *s = pond_slab_create(64, "one"),
              *t = pond_slab_create(64, "two");
    pond_slab_free(t, take(s));
    pond_trim(UINT_MAX);
}

static void misuses_are_told(void **state)
{
    (void)state;
    test_needs_region();
    EXPECT_MISUSE(free_twice, NULL, "\"twice\"");
    EXPECT_MISUSE(free_elsewhere, NULL, "\"two\"");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, set_up, nothing_is_left)
    const struct CMUnitTest tests[] = {
        TEST(objects_are_aligned_and_apart),
        TEST(impossible_sizes_are_refused),
        TEST(empty_slices_go_back),
        TEST(trimming_in_steps),
        TEST(more_slabs_than_there_are_places),
        TEST(objects_travel_between_threads),
        TEST(producer_and_consumer),
        TEST(threads_come_and_go),
        TEST(a_thread_past_its_end),
        TEST(forks_beside_working_threads),
        TEST(an_end_tells_what_lives),
        TEST(a_place_is_used_again),
        TEST(without_memory),
        TEST(misuses_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
