/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario_wide.c - work with more than one pond: budgets, trees, names,
 * threads, forks, and the questions.
 */
#include "scenario.h"

#include <limits.h>
#include <memory_poll.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t calls;

static void on_soft(pond *p, void *arg)
{
    (void)arg;
    CHECK(pond_usage_get(p).charged_bytes > 0);
    calls++;
}

static void limited(void)
{
    pond *root = due(pond_create(NULL, "oom"));
    if (!root)
        return;
    calls = 0;
    pond_limit_soft(root, MIB, on_soft, NULL);
    for (int i = 0; i < 30; i++) {
        pond *child = due_in(root, pond_create(root, "oom child"));
        if (!child)
            continue;
        pond_limit(child, 3 * MIB);
        for (size_t size = 1000; size < 2 * MIB; size *= 4)
            (void)due_in(child, pond_alloc(child, size));
        CHECK(pond_usage_get(child).charged_bytes <= 3 * MIB);
        pond_limit(child, i % 2 ? 0 : MIB);
    }
    pond_limit(root, SIZE_MAX / 2);
    size_t used = pond_usage_tree(root).used_bytes;
    CHECK(pond_usage_get(root).charged_bytes >= used);
    CHECK(calls <= 1);
    CHECK(calls == 1 || refusal_is_due());
    pond_destroy(root);
}

static void many_names(void)
{
    for (int i = 0; i < 300; i++) {
        char name[32];
        snprintf(name, sizeof name, "oom name %d", i);
        pond *p = due(pond_create(NULL, name));
        if (!p)
            continue;
        const char *got = pond_name(p);
        CHECK(strcmp(got, name) == 0 || strcmp(got, "other") == 0 ||
              refusal_is_due());
        pond_destroy(p);
    }
}

static void *work(void *arg)
{
    pond **left = arg;
    pond *p = due(pond_create(NULL, "oom thread"));
    for (size_t size = 100; p && size < 3 * MIB; size *= 5) {
        char *at = due_in(p, pond_alloc(p, size));
        if (at)
            memset(at, 1, size);
    }
    pond_destroy(p);
    *left = due(pond_create(NULL, "oom thread"));
    if (*left) {
        (void)due_in(*left, pond_alloc(*left, test_hide(5000)));
        pond_hand_over(*left);
    }
    char *at = due(memory_malloc(3000));
    if (at)
        memset(at, 1, 3000);
    return NULL;
}

static void threads(void)
{
    for (int round = 0; round < 3; round++) {
        pthread_t all[3];
        pond *left[3];
        for (size_t i = 0; i < COUNT(all); i++)
            CHECK(pthread_create(&all[i], NULL, work, &left[i]) == 0);
        for (size_t i = 0; i < COUNT(all); i++) {
            CHECK(pthread_join(all[i], NULL) == 0);
            if (left[i])
                (void)due_in(left[i], pond_alloc(left[i], test_hide(100000)));
            pond_destroy(left[i]);
        }
    }
}

/* A tree whose ends and trims alternate. */
static void trimmed(void)
{
    for (unsigned round = 0; round < 2; round++) {
        pond *root = due(pond_create(NULL, "oom"));
        pond *kept = due(pond_create(NULL, "oom kept"));
        for (int i = 0; root && i < 4; i++) {
            pond *child = due_in(root, pond_create(root, "oom child"));
            for (size_t size = 400; child && size < 3 * MIB; size *= 6)
                (void)due_in(child, pond_alloc(child, size));
            if (kept)
                (void)due_in(kept, pond_alloc(kept, test_hide(700)));
        }
        pond_destroy(root);
        pond_trim(0);
        pond_trim(100);
        pond_trim(UINT_MAX);
        pond_destroy(kept);
        pond_trim(round % 2 ? 1000 : UINT_MAX);
    }
}

static void see(const pond *p, void *counter)
{
    CHECK(pond_name(p));
    ++*(size_t *)counter;
}

/* Asking needs no memory: the answers are right, whatever is refused. */
static void questions(void)
{
    pond *root = due(pond_create(NULL, "oom"));
    size_t made = root != NULL;
    for (int i = 0; root && i < 500; i++) {
        pond *child = due_in(root, pond_create(root, "oom child"));
        made += child != NULL;
        if (child)
            (void)due_in(child, pond_alloc(child, test_hide(3000)));
        if (i % 100)
            continue;
        size_t seen = 0;
        pond_visit(see, &seen);
        CHECK(seen == made);
        CHECK(pond_process_usage_get().n_ponds == made);
        CHECK(pond_usage_tree(root).n_children == made - 1);
        pond_class_usage rows[300];
        size_t n = pond_class_usage_get(rows, COUNT(rows));
        size_t sum = 0;
        for (size_t k = 0; k < n && k < COUNT(rows); k++)
            sum += rows[k].n_ponds;
        CHECK(sum == made);
    }
    pond_destroy(root);
}

static void process_limited(void)
{
    size_t now = pond_process_usage_get().committed_bytes;
    pond_process_limit(now + 16 * MIB);
    for (int round = 0; round < 3; round++) {
        pond *p = due(pond_create(NULL, "oom"));
        for (int i = 0; p && i < 40; i++)
            (void)due_in(p, pond_alloc(p, test_hide(100000)));
        if (test_region_engine())
            CHECK(pond_process_usage_get().committed_bytes <= now + 16 * MIB);
        pond_destroy(p);
    }
    pond_process_limit(0);
}

static void the_posts(void)
{
    memory_poll_init();
    for (int i = 0; i < 2500; i++) {
        char *at = due(memory_malloc(1000));
        if (at)
            at[0] = at[999] = 1;
    }
    memory_poll_free();
    char *at = due(memory_malloc(10));
    if (at)
        at[0] = 1;
    memory_poll_init();
    memory_poll_init();
    memory_poll_free();
}

struct dying {
    pond *p;
    size_t left;
    size_t registered;
    size_t ran;
};

/* Works in its dying pond, and registers more as long as it can. */
static void work_while_dying(void *arg)
{
    struct dying *d = arg;
    d->ran++;
    (void)due(pond_alloc(d->p, test_hide(3000)));
    (void)due(pond_alloc(d->p, test_hide(300000)));
    if (d->left == 0)
        return;
    d->left--;
    d->registered += due(pond_defer(d->p, work_while_dying, d)) != NULL;
    pond *child = due(pond_create(d->p, "oom late"));
    if (child)
        d->registered += due(pond_defer(child, work_while_dying, d)) != NULL;
}

static void dying(void)
{
    for (int reset = 0; reset < 2; reset++) {
        struct dying d = {.p = due(pond_create(NULL, "oom")), .left = 12};
        if (!d.p)
            continue;
        d.registered = due(pond_defer(d.p, work_while_dying, &d)) != NULL;
        if (reset)
            pond_reset(d.p);
        if (reset)
            CHECK(pond_usage_get(d.p).n_children == 0);
        pond_destroy(d.p);
        CHECK(d.ran == d.registered);
    }
}

static void deep(void)
{
    pond *root = due(pond_create(NULL, "oom"));
    pond *p = root;
    for (int i = 0; p && i < 3000; i++)
        p = due_in(p, pond_create(p, "oom deep"));
    pond_destroy(root);
}

/* The refusals go on in the child. */
static void forked(void)
{
    pond *root = due(pond_create(NULL, "oom"));
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        for (size_t size = 100; root && size < 3 * MIB; size *= 7)
            (void)due_in(root, pond_alloc(root, size));
        pond_destroy(due(pond_create(NULL, "oom child")));
        pond_destroy(root);
        pond_trim(UINT_MAX);
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    if (root)
        (void)due_in(root, pond_alloc(root, test_hide(100000)));
    pond_destroy(root);
}

const struct scenario scenarios_wide[] = {
    {"limits", limited},
    {"names", many_names},
    {"threads", threads},
    {"trim", trimmed},
    {"questions", questions},
    {"process limit", process_limited},
    {"memory_poll", the_posts},
    {"dying", dying},
    {"deep", deep},
    {"fork", forked},
};
const size_t n_scenarios_wide = COUNT(scenarios_wide);
