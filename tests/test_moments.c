/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_moments.c - bad moments: forks from cleanups and by many threads at
 * once, signals that never cease, threads that are cancelled or leave their
 * ponds behind while others end them.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pond/heap.h>
#include <pond/slab.h>

static int stop;
static pond_slab *slab;

static bool stopped(void)
{
    return __atomic_load_n(&stop, __ATOMIC_ACQUIRE);
}

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

static void reap(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) != pid)
        CHECK(errno == EINTR);
    CHECK(status == 0);
}

/* Some of everything; all of it holds what was put there. */
static void work(test_random *r)
{
    pond *p = test_pond(NULL, "moment");
    pond_heap *h = pond_heap_create(p);
    CHECK(h);
    for (int i = 0; i < 12; i++) {
        size_t size = test_random_size(r, i ? 13 : 21);
        char *at = pond_alloc(i % 2 ? p : test_pond(p, "moment child"), size);
        char *other = pond_heap_alloc(h, size);
        uint64_t *shared = pond_slab_alloc(slab);
        CHECK(at && other && shared);
        test_fill(at, size, size);
        test_fill(other, size, size + 1);
        *shared = size;
        CHECK(test_holds(at, size, size));
        CHECK(test_holds(other, size, size + 1));
        CHECK(*shared == size);
        pond_slab_free(slab, shared);
        if (i % 3)
            pond_heap_free(h, other);
    }
    pond_destroy(p);
    if (test_random_below(r, 16) == 0)
        pond_trim(50);
}

static void *work_on(void *arg)
{
    test_random r = {(uintptr_t)&r};
    (void)arg;
    while (!stopped())
        work(&r);
    return NULL;
}

/* ------------------------------------------------------------------ forks */

static _Noreturn void be_a_child(void)
{
    test_random r = {7};
    for (int i = 0; i < 3; i++)
        work(&r);
    _exit(0);
}

static void fork_here(void *arg)
{
    pond *dying = arg;
    CHECK(pond_alloc(dying, 3000));
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        /* the child finds it dying, too, and may end its own */
        CHECK(pond_alloc(dying, 300000));
        CHECK(pond_create(dying, "late"));
        be_a_child();
    }
    reap(pid);
}

/* Both processes go on with the end that they are in. */
static void fork_through(void *arg)
{
    pid_t *pid = arg;
    *pid = fork();
    CHECK(*pid >= 0);
}

static void *fork_in_cleanups(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < test_scaled(40); i++) {
        pond *root = test_pond(NULL, "forking");
        pond *child = test_pond(root, "forking child");
        test_defer(root, fork_here, root);
        test_defer(child, fork_here, child);
        if (i % 2)
            pond_reset(root);
        pond_destroy(root);
        pid_t pid = -1;
        root = test_pond(NULL, "forking");
        for (int k = 0; k < 20; k++) {
            child = test_pond(root, "forking child");
            CHECK(pond_alloc(child, test_hide(5000)));
            if (k == 10)
                test_defer(child, fork_through, &pid);
        }
        pond_destroy(root);
        if (pid == 0)
            be_a_child();
        reap(pid);
    }
    return NULL;
}

static void *fork_storm(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < test_scaled(60); i++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            pid = i % 4 ? 1 : fork();
            if (pid > 1)
                reap(pid);
            be_a_child();
        }
        reap(pid);
    }
    return NULL;
}

static void among_workers(void *(*fn)(void *), size_t n)
{
    pthread_t workers[2], all[4];
    __atomic_store_n(&stop, 0, __ATOMIC_RELEASE);
    slab = pond_slab_create(64, "moment");
    CHECK(slab && n <= COUNT(all));
    for (size_t i = 0; i < COUNT(workers); i++)
        workers[i] = start(work_on, NULL);
    for (size_t i = 0; i < n; i++)
        all[i] = start(fn, NULL);
    for (size_t i = 0; i < n; i++)
        join(all[i]);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (size_t i = 0; i < COUNT(workers); i++)
        join(workers[i]);
    pond_slab_destroy(slab);
}

static void forks_from_cleanups(void **state)
{
    (void)state;
    among_workers(fork_in_cleanups, 1);
}

static void forks_from_many_threads(void **state)
{
    (void)state;
    among_workers(fork_storm, 3);
}

/* ---------------------------------------------------------------- signals */

static size_t n_signals;

static void on_signal(int number)
{
    (void)number;
    __atomic_add_fetch(&n_signals, 1, __ATOMIC_RELAXED);
}

static void *work_and_fork(void *arg)
{
    test_random r = {(uintptr_t)&r};
    (void)arg;
    for (size_t i = 0; i < test_scaled(2000); i++)
        work(&r);
    return fork_storm(NULL);
}

/* Every 100 us one by the clock and one by the processor's time. */
static void be_flooded(void *arg)
{
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */
    struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
    (void)arg;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(sigaction(SIGPROF, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    CHECK(setitimer(ITIMER_PROF, &often, NULL) == 0);
    among_workers(work_and_fork, 1);
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    CHECK(setitimer(ITIMER_PROF, &never, NULL) == 0);
    CHECK(n_signals > 10);
    CHECK(pond_process_usage_get().n_ponds == 0);
}

static void signals_without_end(void **state)
{
    (void)state;
    assert_int_equal(test_in_child(be_flooded, NULL), 0);
}

/* ------------------------------------------------- cancelled and gone */

static void end_pond(void *p)
{
    pond_destroy(p);
}

static void *work_until_cancelled(void *arg)
{
    test_random r = {(uintptr_t)&r};
    pond *p = test_pond(NULL, "cancelled");
    pthread_cleanup_push(end_pond, p);
    __atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
    for (;;) {
        work(&r);
        CHECK(pond_alloc(p, test_hide(100)));
        pthread_testcancel();
    }
    pthread_cleanup_pop(1);
    return NULL;
}

static void cancel_here(void *arg)
{
    (void)arg;
    pthread_testcancel(); /* as close or write would */
}

/* The cancellation strikes within an end: no lock is held there. What was not
 * ended is left; that is the program's doing. */
static void *be_cancelled_in_a_cleanup(void *arg)
{
    pond *p = test_pond(NULL, "cancelled");
    for (int i = 0; i < 20; i++)
        CHECK(pond_alloc(test_pond(p, "cancelled child"), test_hide(3000)));
    test_defer(p, cancel_here, NULL);
    __atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
    while (pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) != 0)
        continue;
    while (__atomic_load_n((int *)arg, __ATOMIC_ACQUIRE) != 2)
        usleep(100);
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL) == 0);
    pond_destroy(p);
    return NULL; /* never */
}

static void cancel_one(void *(*fn)(void *))
{
    int at = 0;
    void *result;
    pthread_t thread = start(fn, &at);
    while (!__atomic_load_n(&at, __ATOMIC_ACQUIRE))
        usleep(100);
    CHECK(pthread_cancel(thread) == 0);
    __atomic_store_n(&at, 2, __ATOMIC_RELEASE);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
}

static void *cancel_many(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < test_scaled(100); i++)
        cancel_one(work_until_cancelled);
    return NULL;
}

static void cancelled_between_calls(void **state)
{
    (void)state;
    among_workers(cancel_many, 2);
    assert_int_equal(pond_process_usage_get().n_ponds, 0);
}

static void cancel_in_cleanups(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++)
        cancel_one(be_cancelled_in_a_cleanup);
    slab = pond_slab_create(64, "moment");
    test_random r = {1};
    for (int i = 0; i < 20; i++)
        work(&r);
    pond_trim(1000000);
    pond_slab_destroy(slab);
    _exit(0); /* what was left is left */
}

static void cancelled_within_an_end(void **state)
{
    (void)state;
    if (TEST_ASAN || TEST_TSAN)
        skip(); /* their frames are not unwound */
    assert_int_equal(test_in_child(cancel_in_cleanups, NULL), 0);
}

/* Ponds of threads that exit, ended by others meanwhile. */
enum { LEFT = 64 };
static pond *left[LEFT];

static void *leave_ponds(void *arg)
{
    test_random r = {(uintptr_t)arg};
    for (int i = 0; i < 30; i++) {
        pond *p = test_pond(NULL, "left");
        for (int k = 0; k < 10; k++) {
            size_t size = test_random_size(&r, 15);
            memset(pond_alloc(test_pond(p, "left child"), size), 1, size);
        }
        pond_hand_over(p);
        pond **place = &left[test_random_below(&r, LEFT)];
        pond_destroy(__atomic_exchange_n(place, p, __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static void *come_and_go(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < test_scaled(200); i++)
        join(start(leave_ponds, NUMBER(i + 1)));
    return NULL;
}

static void threads_leave_their_ponds(void **state)
{
    (void)state;
    among_workers(come_and_go, 3);
    for (size_t i = 0; i < LEFT; i++) {
        pond_destroy(left[i]);
        left[i] = NULL;
    }
    pond_trim(1000000);
    assert_int_equal(pond_process_usage_get().n_ponds, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(forks_from_cleanups),     TEST(forks_from_many_threads),
        TEST(signals_without_end),     TEST(cancelled_between_calls),
        TEST(cancelled_within_an_end), TEST(threads_leave_their_ponds),
    };
    return cmocka_run_group_tests_name("moments", tests, NULL, NULL);
}
