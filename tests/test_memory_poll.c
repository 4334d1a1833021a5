/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_memory_poll.c - the interface of the blog post: one pool a thread.
 */
#include "support.h"

#include <limits.h>
#include <memory_poll.h>
#include <pthread.h>

static size_t live_ponds(void)
{
    return pond_process_usage_get().n_ponds;
}

/* The post's own program. */
static void the_posts_loop(void **state)
{
    (void)state;
    for (size_t round = 0; round < test_scaled(1000); round++) {
        memory_poll_init();
        for (int i = 0; i < 5000; i++) {
            char *at = memory_malloc(1000);
            if (!at || !test_aligned(at, 16))
                fail_msg("round %zu, object %d: %p", round, i, (void *)at);
            at[0] = at[999] = (char)i;
        }
        memory_poll_free();
    }
    assert_int_equal(live_ponds(), 0);
}

static void contents_are_kept(void **state)
{
    (void)state;
    enum { n = 2000 };
    char *all[n];
    size_t sizes[n];
    test_random r = {16};
    memory_poll_init();
    for (size_t i = 0; i < n; i++) {
        sizes[i] = test_random_size(&r, i % 50 ? 12 : 20);
        all[i] = memory_malloc(sizes[i]);
        assert_non_null(all[i]);
        test_fill(all[i], sizes[i], i);
    }
    for (size_t i = 0; i < n; i++)
        assert_true(test_holds(all[i], sizes[i], i));
    char *a = memory_malloc(0);
    char *b = memory_malloc(0);
    assert_true(a && b && a != b);
    memory_poll_free();
}

static void twice_and_never(void **state)
{
    (void)state;
    memory_poll_free(); /* without one */
    memory_poll_free();
    memory_poll_init();
    memory_poll_init(); /* the first is freed */
    memory_poll_init();
    assert_int_equal(live_ponds(), 1);
    char *at = memory_malloc(100);
    assert_non_null(at);
    memset(at, 1, 100);
    memory_poll_init();
    memory_poll_free();
    assert_int_equal(live_ponds(), 0);
    memory_poll_free();
    at = memory_malloc(100000); /* begins one */
    assert_non_null(at);
    test_fill(at, 100000, 1);
    assert_non_null(memory_malloc(5));
    assert_true(test_holds(at, 100000, 1));
    assert_int_equal(live_ponds(), 1);
    memory_poll_free();
    assert_int_equal(live_ponds(), 0);
}

static void impossible_sizes(void **state)
{
    (void)state;
    memory_poll_init();
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15,
                                   (size_t)PTRDIFF_MAX + 1, SIZE_MAX / 2,
                                   (size_t)1 << 60};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_null(memory_malloc(test_hide(sizes[i])));
        assert_non_null(memory_malloc(24));
    }
    memory_poll_free();
}

/* Each thread has its own, one thread's free does not touch another's, and
 * one that is still there when its thread exits goes with it. */
static void *work(void *number)
{
    uint64_t seed = (uint64_t)(uintptr_t)number;
    for (size_t round = 0; round < test_scaled(100); round++) {
        memory_poll_init();
        char *all[50];
        for (size_t i = 0; i < 50; i++) {
            all[i] = memory_malloc(100 + 100 * i);
            CHECK(all[i]);
            test_fill(all[i], 100 + 100 * i, seed + i);
        }
        for (size_t i = 0; i < 50; i++)
            CHECK(test_holds(all[i], 100 + 100 * i, seed + i));
        if (round % 2)
            memory_poll_free();
    }
    if (seed % 2)
        memory_poll_init();
    CHECK(memory_malloc(3000));
    return NULL;
}

static void one_for_each_thread(void **state)
{
    (void)state;
    memory_poll_init();
    char *mine = memory_malloc(5000);
    assert_non_null(mine);
    test_fill(mine, 5000, 7);
    for (int round = 0; round < 5; round++) {
        pthread_t threads[8];
        for (size_t i = 0; i < COUNT(threads); i++)
            assert_int_equal(pthread_create(&threads[i], NULL, work, NUMBER(i)),
                             0);
        for (size_t i = 0; i < COUNT(threads); i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(test_holds(mine, 5000, 7));
        assert_int_equal(live_ponds(), 1);
    }
    memory_poll_free();
    assert_int_equal(live_ponds(), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(the_posts_loop),      TEST(contents_are_kept),
        TEST(twice_and_never),     TEST(impossible_sizes),
        TEST(one_for_each_thread),
    };
    return cmocka_run_group_tests_name("memory_poll", tests, NULL, NULL);
}
