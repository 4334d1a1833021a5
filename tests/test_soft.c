/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_soft.c - soft limits: once per upward crossing, what the callback may
 * do, and that it is not re-entered.
 */
#include "support.h"

struct watch {
    pond *expected; /* the pond that it is called with */
    size_t calls;
    pond *victim; /* destroyed by the callback */
    pond *busy;   /* allocated in by the callback */
    size_t raise; /* to this hard limit */
    bool inside;
};

static void crossed(pond *p, void *arg)
{
    struct watch *w = arg;
    CHECK(!w->inside);
    w->inside = true;
    CHECK(p == w->expected);
    w->calls++;
    if (w->victim) {
        pond_destroy(w->victim);
        w->victim = NULL;
    }
    if (w->raise)
        pond_limit(p, w->raise);
    if (w->busy)
        for (int i = 0; i < 20; i++)
            CHECK(pond_alloc(w->busy, test_hide(30000)));
    w->inside = false;
}

static void once_per_crossing(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    struct watch w = {.expected = root};
    pond_limit_soft(root, 256 * KIB, crossed, &w);
    assert_int_equal(w.calls, 0);
    for (size_t round = 1; round <= 100; round++) {
        pond *child = test_pond(root, "child");
        assert_non_null(pond_alloc(child, test_hide(100 * KIB)));
        assert_int_equal(w.calls, round - 1);
        for (int i = 0; i < 300; i++)
            memset(pond_alloc(child, test_hide(4000)), 1, 4000);
        assert_int_equal(w.calls, round);
        assert_non_null(pond_alloc(child, test_hide(5 * MIB)));
        assert_non_null(pond_create(child, "grandchild"));
        assert_int_equal(w.calls, round);
        switch (round % 3) {
        case 0:
            pond_destroy(child);
            break;
        case 1:
            pond_reset(child);
            pond_destroy(child);
            break;
        default:
            pond_reset(root);
        }
        assert_false(pond_failed(root));
    }
    pond_destroy(root);
    assert_int_equal(w.calls, 100);
}

static void a_rewind_is_a_way_down(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "soft");
    struct watch w = {.expected = p};
    pond_limit_soft(p, 256 * KIB, crossed, &w);
    pond_mark mark = pond_mark_take(p);
    for (size_t round = 1; round <= 50; round++) {
        assert_non_null(pond_alloc(p, test_hide(MIB)));
        assert_int_equal(w.calls, round);
        assert_int_equal(pond_rewind(p, mark), 0);
    }
    pond_destroy(p);
    assert_int_equal(w.calls, 50);
}

static void removed_or_never_there(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "soft");
    struct watch w = {.expected = p};
    pond_limit_soft(p, 64 * KIB, NULL, &w);
    assert_non_null(pond_alloc(p, test_hide(MIB)));
    pond_limit_soft(p, 4 * MIB, crossed, &w);
    pond_limit_soft(p, 0, crossed, &w);
    assert_non_null(pond_alloc(p, test_hide(5 * MIB)));
    assert_int_equal(w.calls, 0);
    pond_reset(p);
    pond_limit_soft(p, 4 * MIB, crossed, &w);
    pond_limit_soft(p, 4 * MIB, NULL, NULL);
    assert_non_null(pond_alloc(p, test_hide(5 * MIB)));
    pond_destroy(p);
    assert_int_equal(w.calls, 0);
}

/* The server's case: over the soft limit the oldest idle one goes. */
static void it_may_destroy_siblings(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    struct watch w = {.expected = root};
    pond_limit_soft(root, 3 * MIB, crossed, &w);
    pond_limit(root, 4 * MIB);
    for (int round = 0; round < 50; round++) {
        w.calls = 0;
        pond *idle = test_pond(root, "idle");
        pond *busy = test_pond(root, "busy");
        test_defer(idle, test_note, NUMBER(7));
        assert_non_null(pond_alloc(idle, test_hide(2500 * KIB)));
        w.victim = idle;
        char *at = pond_alloc(busy, test_hide(1000 * KIB));
        assert_non_null(at);
        test_fill(at, 1000 * KIB, 1);
        assert_int_equal(w.calls, 1);
        EXPECT_NOTES(7);
        assert_non_null(pond_alloc(busy, test_hide(1000 * KIB)));
        assert_true(test_holds(at, 1000 * KIB, 1));
        assert_int_equal(pond_usage_get(root).n_children, 1);
        pond_destroy(busy);
    }
    pond_destroy(root);
}

/* ... also from the creation of a child, and in small steps. */
static void it_may_destroy_siblings_of_a_new_child(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    struct watch w = {.expected = root};
    pond_limit_soft(root, 2 * MIB, crossed, &w);
    pond *idle = test_pond(root, "idle");
    for (int i = 0; i < 150; i++)
        memset(pond_alloc(idle, test_hide(4000)), 1, 4000);
    assert_int_equal(w.calls, 0);
    w.victim = idle;
    size_t made = 0;
    while (w.calls == 0 && made < 100000) {
        pond *child = test_pond(root, "child");
        assert_ptr_equal(pond_parent(child), root);
        test_fill(pond_alloc(child, test_hide(100)), 100, made);
        made++;
    }
    assert_int_equal(w.calls, 1);
    assert_null(w.victim);
    assert_int_equal(pond_usage_get(root).n_children, made);
    pond_destroy(root);
}

static void it_may_raise_the_limit(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    pond *child = test_pond(root, "child");
    struct watch w = {.expected = root, .raise = 10 * MIB};
    pond_limit(root, MIB);
    pond_limit_soft(root, 512 * KIB, crossed, &w);
    for (size_t n = 0; n < 5 * MIB; n += 1000)
        assert_non_null(pond_alloc(child, test_hide(1000)));
    assert_int_equal(w.calls, 1);
    assert_true(pond_usage_get(root).charged_bytes <= 10 * MIB);
    pond_destroy(root);
}

/* It allocates itself, across the same limit: no second call inside. */
static void it_is_not_reentered(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    struct watch w = {.expected = root, .busy = test_pond(root, "busy")};
    pond *child = test_pond(root, "child");
    pond_limit_soft(root, 256 * KIB, crossed, &w);
    for (int i = 0; i < 200; i++)
        memset(pond_alloc(child, test_hide(2000)), 1, 2000);
    assert_int_equal(w.calls, 1);
    pond_destroy(root);
}

static void nested_ones_are_both_called(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "soft");
    pond *p = test_pond(test_pond(root, "between"), "inner");
    pond *child = test_pond(p, "child");
    struct watch outer = {.expected = root};
    struct watch inner = {.expected = p};
    pond_limit_soft(root, 2 * MIB, crossed, &outer);
    pond_limit_soft(p, MIB, crossed, &inner);
    assert_non_null(pond_alloc(child, test_hide(1500 * KIB)));
    assert_int_equal(inner.calls, 1);
    assert_int_equal(outer.calls, 0);
    assert_non_null(pond_alloc(child, test_hide(1500 * KIB)));
    assert_int_equal(inner.calls, 1);
    assert_int_equal(outer.calls, 1);
    pond_reset(child);
    assert_non_null(pond_alloc(child, test_hide(3 * MIB))); /* both at once */
    assert_int_equal(inner.calls, 2);
    assert_int_equal(outer.calls, 2);
    pond_limit_soft(p, 0, NULL, NULL);
    pond_reset(child);
    assert_non_null(pond_alloc(child, test_hide(3 * MIB)));
    assert_int_equal(inner.calls, 2);
    assert_int_equal(outer.calls, 3);
    pond_destroy(root);
}

/* The smallest steps: just when the charge is above, not before. */
static void at_the_right_moment(void **state)
{
    (void)state;
    test_needs_region();
    for (size_t soft = 1000; soft < 2000000; soft = soft * 3 + 7) {
        pond *p = test_pond_sized(NULL, "soft", 512);
        struct watch w = {.expected = p};
        pond_limit_soft(p, soft, crossed, &w);
        size_t before = 0;
        while (w.calls == 0) {
            before = pond_usage_get(p).used_bytes;
            if (before > soft)
                fail_msg("used %zu, soft %zu, and no call", before, soft);
            assert_non_null(pond_alloc(p, test_hide(16)));
        }
        assert_true(pond_usage_get(p).charged_bytes > soft);
        pond_destroy(p);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(once_per_crossing),
        TEST(a_rewind_is_a_way_down),
        TEST(removed_or_never_there),
        TEST(it_may_destroy_siblings),
        TEST(it_may_destroy_siblings_of_a_new_child),
        TEST(it_may_raise_the_limit),
        TEST(it_is_not_reentered),
        TEST(nested_ones_are_both_called),
        TEST(at_the_right_moment),
    };
    return cmocka_run_group_tests_name("soft", tests, NULL, NULL);
}
