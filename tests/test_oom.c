/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oom.c - the system refuses memory. Each scenario (oom/scenario_*.c) is
 * run again and again in a child process: once its first request to the
 * system is refused, then its second, and so on until none is left to refuse;
 * each time once alone and once for ever from there on. After that the same
 * work must succeed, and nothing may be lost.
 */
#include "oom/scenario.h"
#include "support/faults.h"

#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child reports, in memory that it shares with its parent. */
struct report {
    size_t injected;
    size_t calls;
};

struct attempt {
    const struct scenario *scenario;
    int kinds;
    size_t n;
    bool for_ever;
    bool warm; /* the work was done once before, and its memory is idle */
    struct report *report;
};

static bool armed; /* refusals are possible */

bool refusal_is_due(void)
{
    return armed && faults_injected() > 0;
}

void *due(void *p)
{
    CHECK(p || refusal_is_due());
    return p;
}

void *due_in(const pond *asked, void *p)
{
    CHECK(p || (refusal_is_due() && pond_failed(asked)));
    return p;
}

static pond_process_usage settle(void)
{
    pond_trim(UINT_MAX);
    pond_process_usage u = pond_process_usage_get();
    CHECK(u.n_ponds == 0);
    if (test_region_engine()) {
        u = pond_process_usage_get();
        CHECK(u.mapped_bytes == u.in_use_bytes + u.thread_cache_bytes +
                                    u.depot_bytes + u.purged_bytes +
                                    u.header_bytes);
    }
    return u;
}

static void run_attempt(void *arg)
{
    const struct attempt *a = arg;
    pond_process_usage before = {0};
    if (a->warm) {
        a->scenario->run();
        before = settle();
    }
    armed = true;
    faults_arm(a->kinds, a->n, a->for_ever);
    a->scenario->run();
    faults_disarm();
    a->report->injected = faults_injected();
    a->report->calls = faults_calls();
    CHECK(pond_process_usage_get().n_ponds == 0);
    armed = false;
    a->scenario->run(); /* nothing may be refused now */
    pond_process_usage after = settle();
    if (!a->warm || !test_region_engine())
        return;
    CHECK(after.in_use_bytes == before.in_use_bytes);
    CHECK(after.committed_bytes <= before.committed_bytes + 2 * MIB);
}

static size_t total_injected;
static size_t total_attempts;

/* The next request to refuse: every one that takes memory; of the many that
 * give some back, every one at first, then in growing steps. */
static size_t following(const struct attempt *a)
{
    size_t step = 100 / test_scaled(100);
    if (a->n < 4)
        return a->n + 1;
    if (a->kinds == FAULTS_GIVE && a->n > 32)
        step *= a->n / 8;
    return a->n + step;
}

/* Until the scenario completes with nothing refused. */
static void exhaust(struct attempt a)
{
    for (a.n = 1;; a.n = following(&a)) {
        *a.report = (struct report){0, 0};
        int status = test_in_child(run_attempt, &a);
        total_attempts++;
        if (status != 0)
            fail_msg("%s: status %#x with request %zu refused (%s, %s, %s)",
                     a.scenario->name, (unsigned)status, a.n,
                     a.kinds == FAULTS_TAKE ? "taking" : "giving back",
                     a.for_ever ? "for ever" : "once",
                     a.warm ? "warm" : "cold");
        total_injected += a.report->injected;
        if (a.report->injected == 0)
            return;
    }
}

static void exhaust_all(const struct scenario *all, size_t n)
{
    struct report *report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(report, MAP_FAILED);
    for (size_t i = 0; i < n; i++) {
        size_t injected = total_injected;
        for (int way = 0; way < 8; way++)
            exhaust((struct attempt){
                .scenario = &all[i],
                .kinds = way & 1 ? FAULTS_GIVE : FAULTS_TAKE,
                .for_ever = way & 2,
                .warm = way & 4,
                .report = report,
            });
        print_message("%s: %zu refusals\n", all[i].name,
                      total_injected - injected);
    }
    munmap(report, sizeof *report);
}

static void within_a_pond(void **state)
{
    (void)state;
    exhaust_all(scenarios, n_scenarios);
}

static void with_many_ponds(void **state)
{
    (void)state;
    exhaust_all(scenarios_wide, n_scenarios_wide);
}

static void with_pools(void **state)
{
    (void)state;
    exhaust_all(scenarios_pools, n_scenarios_pools);
}

static void with_the_rest(void **state)
{
    (void)state;
    exhaust_all(scenarios_rest, n_scenarios_rest);
}

/* ------------------------------------------- what is asked for but once */

enum { BEGINS, LIVES, ENDS };

static void wait_until(int *state, int wanted)
{
    while (__atomic_load_n(state, __ATOMIC_ACQUIRE) != wanted)
        usleep(100);
}

static void *be_alive(void *state)
{
    pond_destroy(due(pond_create(NULL, "oom thread")));
    __atomic_store_n((int *)state, LIVES, __ATOMIC_RELEASE);
    wait_until(state, ENDS);
    return NULL;
}

/* Keys and fork handlers that were refused are had later: threads that come
 * then have records, and a forked child is alone. */
static void begin_late(void *arg)
{
    const struct attempt *a = arg;
    int state = BEGINS;
    armed = true;
    faults_arm(a->kinds, a->n, a->for_ever);
    pond *p = due(pond_create(NULL, "oom"));
    if (p)
        (void)due(pond_alloc(p, test_hide(5000)));
    faults_disarm();
    a->report->injected = faults_injected();
    armed = false;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, be_alive, &state) == 0);
    wait_until(&state, LIVES);
    if (test_region_engine())
        CHECK(pond_process_usage_get().n_threads > 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        pond_destroy(test_pond(NULL, "oom child"));
        CHECK(pond_process_usage_get().n_threads <= 1);
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    __atomic_store_n(&state, ENDS, __ATOMIC_RELEASE);
    CHECK(pthread_join(thread, NULL) == 0);
    pond_destroy(p);
    settle();
}

static void begun_late(void **state)
{
    (void)state;
    struct report *report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(report, MAP_FAILED);
    struct attempt a = {.kinds = FAULTS_ONCE, .report = report};
    for (int way = 0; way < 2; way++) {
        a.for_ever = way;
        for (a.n = 1, report->injected = 1; report->injected; a.n++) {
            report->injected = 0;
            if (test_in_child(begin_late, &a) != 0)
                fail_msg("with request %zu refused, %s", a.n,
                         way ? "for ever" : "once");
            total_injected += report->injected;
        }
    }
    munmap(report, sizeof *report);
}

/* ----------------------------------------------- the system's own limits */

struct confined {
    const struct scenario *scenario;
    size_t room;
    struct report *report;
};

static size_t address_space(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    CHECK(f && fscanf(f, "%lu", &pages) == 1);
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void run_confined(void *arg)
{
    const struct confined *c = arg;
    struct rlimit limit, all;
    CHECK(getrlimit(RLIMIT_AS, &all) == 0);
    limit = all;
    limit.rlim_cur = address_space() + c->room;
    armed = true;
    faults_arm(FAULTS_TAKE, SIZE_MAX, false); /* only count */
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    c->scenario->run();
    CHECK(setrlimit(RLIMIT_AS, &all) == 0);
    faults_disarm();
    c->report->injected = faults_injected();
    armed = false;
    c->scenario->run();
    settle();
}

static void confine(const struct scenario *all, size_t n, struct confined c)
{
    for (size_t i = 0; i < n; i++) {
        /* Threads have stacks, which the limit would count, too. */
        if (strstr(all[i].name, "thread"))
            continue;
        c.scenario = &all[i];
        for (c.room = 0; c.room <= 96 * MIB; c.room = c.room * 3 / 2 + MIB) {
            c.report->injected = 0;
            if (test_in_child(run_confined, &c) != 0)
                fail_msg("%s in %zu bytes", all[i].name, c.room);
            total_injected += c.report->injected;
            total_attempts++;
            if (c.report->injected == 0)
                break;
        }
    }
}

/* As under ulimit -v. */
static void in_little_address_space(void **state)
{
    (void)state;
    if (TEST_ASAN || TEST_TSAN)
        skip(); /* they need terabytes of it */
    size_t before = total_injected;
    struct confined c = {.report = mmap(NULL, sizeof *c.report,
                                        PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    assert_ptr_not_equal(c.report, MAP_FAILED);
    confine(scenarios, n_scenarios, c);
    confine(scenarios_wide, n_scenarios_wide, c);
    confine(scenarios_pools, n_scenarios_pools, c);
    confine(scenarios_rest, n_scenarios_rest, c);
    print_message("by RLIMIT_AS: %zu refusals\n", total_injected - before);
    munmap(c.report, sizeof *c.report);
}

/* ------------------------------------------------ ending needs no memory */

static size_t ended;

static void count_end(void *arg)
{
    (void)arg;
    ended++;
}

static size_t fill_tree(pond *root)
{
    pond *p = root;
    for (size_t i = 0; i < 600; i++) {
        p = test_pond(i % 5 ? p : root, "oom tree");
        test_defer(p, count_end, NULL);
        CHECK(pond_alloc(p, i % 50 ? 3000 : 3000000));
    }
    return 600;
}

static void end_without_memory(void *arg)
{
    int how = (int)(intptr_t)arg;
    pond *root = test_pond(NULL, "oom");
    pond_mark mark = pond_mark_take(root);
    size_t n = fill_tree(root);
    faults_arm(FAULTS_TAKE | FAULTS_GIVE, 1, true);
    if (how == 0)
        pond_destroy(root);
    else if (how == 1)
        pond_reset(root);
    else
        CHECK(pond_rewind(root, mark) == 0);
    CHECK(ended == n);
    pond_trim(UINT_MAX);
    faults_disarm();
    if (how != 0)
        pond_destroy(root);
    settle();
    root = test_pond(NULL, "oom");
    fill_tree(root);
    pond_destroy(root);
    settle();
}

static void ending_needs_no_memory(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++)
        assert_int_equal(test_in_child(end_without_memory, NUMBER(how)), 0);
}

/* This has tested something. */
static void refusals_were_injected(void **state)
{
    (void)state;
    print_message("injected %zu faults in %zu runs\n", total_injected,
                  total_attempts);
    assert_true(total_injected > 500 / (100 / test_scaled(100)));
}

int main(int argc, char **argv)
{
    if (argc > 1) /* one of the tests, by its name */
        cmocka_set_test_filter(argv[1]);
    if (!faults_possible()) {
        fprintf(stderr, "test_oom must be linked with --wrap for the calls "
                        "that support/faults.h names\n");
        return 2;
    }
    test_region_engine(); /* is found out before anything is refused */
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(within_a_pond),
        TEST(with_many_ponds),
        TEST(with_pools),
        TEST(with_the_rest),
        TEST(begun_late),
        TEST(in_little_address_space),
        TEST(ending_needs_no_memory),
        TEST(refusals_were_injected),
    };
    return cmocka_run_group_tests_name("oom", tests, NULL, NULL);
}
