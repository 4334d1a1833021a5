/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_model.c - random steps over many ponds, compared with a simple
 * reference (model/). Some 40 million of them by default, from fixed seeds:
 *
 *     test_model [--seed N] [--ops N]
 *
 * With --ops one run from that seed is made; POND_TEST_SCALE scales the
 * default. A failure names the seed and the step. Each run has a process of
 * its own, so that it goes the same way again (but for trimming, which goes by
 * the clock).
 */
#include "model/model.h"

#include <pthread.h>
#include <unistd.h>

static uint64_t seed_wanted = 1;
static uint64_t ops_wanted;

static void advance(struct model *m, uint64_t ops)
{
    for (uint64_t i = 0; i < ops; i++) {
        model_step(m);
        if ((m->step & 0x7ffff) == 0)
            model_check_all(m);
    }
}

struct run {
    uint64_t seed;
    uint64_t ops;
};

/* One model from beginning to end. */
static void run(void *arg)
{
    const struct run *r = arg;
    /* an odd seed brings budgets in */
    struct model *m = model_begin(r->seed, r->seed & 1);
    advance(m, r->ops);
    print_message("seed %llu: %llu steps, %zu refusals, digest %016llx\n",
                  (unsigned long long)r->seed, (unsigned long long)r->ops,
                  m->n_refused, (unsigned long long)m->digest);
    model_finish(m);
    CHECK(pond_process_usage_get().n_ponds == 0);
}

static void one_thread(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 8; i++) {
        struct run r = {seed_wanted + i, test_scaled(5000000)};
        if (ops_wanted)
            r.ops = ops_wanted;
        assert_int_equal(test_in_child(run, &r), 0);
        if (ops_wanted)
            break;
    }
}

/* ------------------------------------- one model, passed on among threads */

struct baton {
    struct model *model;
    uint64_t ops;
};

static void *run_leg(void *arg)
{
    struct baton *b = arg;
    advance(b->model, b->ops);
    model_hand_over(b->model);
    return NULL;
}

static void passed_on(void **state)
{
    (void)state;
    if (ops_wanted)
        skip();
    struct baton b = {model_begin(seed_wanted + 100, true), 2000};
    for (uint64_t done = 0; done < test_scaled(1500000); done += b.ops) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, run_leg, &b) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        run_leg(&b);
    }
    model_finish(b.model);
}

/* --------------------------------------- models beside each other */

static void *run_beside(void *arg)
{
    struct baton *b = arg;
    for (uint64_t done = 0; done < b->ops; done += 1000) {
        advance(b->model, 1000);
        if (done % 50000 == 0)
            pond_trim(done % 100000 ? 100 : UINT32_MAX);
    }
    model_finish(b->model);
    return NULL;
}

static void beside_each_other(void **state)
{
    (void)state;
    if (ops_wanted)
        skip();
    struct baton all[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        all[i] = (struct baton){model_begin(seed_wanted + 200 + i, i & 1),
                                test_scaled(1000000)};
        CHECK(pthread_create(&threads[i], NULL, run_beside, &all[i]) == 0);
    }
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static uint64_t read_number(const char *option, const char *text)
{
    char *rest;
    unsigned long long value = strtoull(text ? text : "", &rest, 10);
    if (!text || *text == 0 || *rest != 0) {
        fprintf(stderr, "%s needs a number\n", option);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) {
            seed_wanted = read_number(argv[i], argv[i + 1]);
        } else if (strcmp(argv[i], "--ops") == 0) {
            ops_wanted = read_number(argv[i], argv[i + 1]);
        } else {
            fprintf(stderr, "usage: %s [--seed N] [--ops N]\n", argv[0]);
            return 2;
        }
    }
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(one_thread),
        TEST(passed_on),
        TEST(beside_each_other),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
