/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lifetime.c - the order of an end, re-entrancy from cleanups, cancel and
 * run, and reset. Large trees and misuses are in test_tree.c.
 */
#include "support.h"

/* ----------------------------------------------------------------- order */

static void cleanups_newest_first(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "order");
    for (int i = 0; i < 1000; i++)
        test_defer(p, test_note, NUMBER(i));
    EXPECT_NO_NOTES();
    pond_destroy(p);
    assert_int_equal(test_notes_count(), 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(test_notes_at(i), 999 - (int)i);
    test_notes_clear();
}

/* Children and cleanups registered in turn, over three levels. */
static pond *interleave(void)
{
    pond *p = test_pond(NULL, "order");
    test_defer(p, test_note, NUMBER(1));
    pond *c1 = test_pond(p, "order");
    test_defer(c1, test_note, NUMBER(11));
    test_defer(p, test_note, NUMBER(2));
    pond *c2 = test_pond(p, "order");
    test_defer(c2, test_note, NUMBER(21));
    pond *g1 = test_pond(c1, "order");
    test_defer(g1, test_note, NUMBER(111));
    test_defer(c1, test_note, NUMBER(12));
    pond *g2 = test_pond(c1, "order");
    test_defer(g2, test_note, NUMBER(121));
    test_defer(c2, test_note, NUMBER(22));
    test_defer(g1, test_note, NUMBER(112));
    test_defer(p, test_note, NUMBER(3));
    return p;
}

static void children_first_then_cleanups(void **state)
{
    (void)state;
    pond *p = interleave();
    pond_destroy(p);
    EXPECT_NOTES(22, 21, 121, 112, 111, 12, 11, 3, 2, 1);
    p = interleave();
    pond_reset(p);
    EXPECT_NOTES(22, 21, 121, 112, 111, 12, 11, 3, 2, 1);
    test_defer(p, test_note, NUMBER(4));
    pond_destroy(p);
    EXPECT_NOTES(4);
}

/* Reset keeps a child's place among its siblings. */
static void reset_keeps_the_place_in_the_tree(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "order");
    pond *a = test_pond(p, "a");
    pond *b = test_pond(p, "b");
    pond *c = test_pond(p, "c");
    pond_reset(a);
    pond_reset(b);
    pond_reset(a);
    test_defer(c, test_note, NUMBER(3));
    test_defer(a, test_note, NUMBER(1));
    test_defer(b, test_note, NUMBER(2));
    assert_ptr_equal(pond_parent(a), p);
    assert_string_equal(pond_name(b), "b");
    assert_int_equal(pond_usage_get(p).n_children, 3);
    pond_destroy(p);
    EXPECT_NOTES(3, 2, 1);
}

static void destroying_one_of_several(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "order");
    pond *all[5];
    for (int i = 0; i < 5; i++) {
        all[i] = test_pond(p, "child");
        test_defer(all[i], test_note, NUMBER(i));
    }
    pond_destroy(all[2]);
    EXPECT_NOTES(2);
    pond_destroy(all[4]);
    EXPECT_NOTES(4);
    pond_destroy(all[0]);
    EXPECT_NOTES(0);
    assert_int_equal(pond_usage_get(p).n_children, 2);
    all[0] = test_pond(p, "child");
    test_defer(all[0], test_note, NUMBER(9));
    pond_destroy(p);
    EXPECT_NOTES(9, 3, 1);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    pond_destroy(NULL);
    pond_cleanup_cancel(NULL);
    pond_cleanup_run(NULL);
    pond *p = test_pond(NULL, "nothing");
    test_defer(p, test_note, NULL);
    pond_destroy(p);
    EXPECT_NOTES(0);
}

/* ----------------------------------------------------------------- reset */

static void reset_keeps_name_parent_and_budget(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "root");
    pond *p = test_pond(root, "kept");
    pond_limit(p, 300000);
    for (int round = 0; round < 5; round++) {
        assert_non_null(pond_alloc(p, test_hide(100000)));
        assert_null(pond_alloc(p, test_hide(400000)));
        assert_true(pond_failed(p));
        test_defer(p, test_note, NUMBER(round));
        assert_non_null(pond_create(p, "child"));
        pond_reset(p);
        EXPECT_NOTES(round);
        assert_false(pond_failed(p));
        assert_string_equal(pond_name(p), "kept");
        assert_ptr_equal(pond_parent(p), root);
        pond_usage u = pond_usage_get(p);
        assert_int_equal(u.n_children, 0);
        assert_int_equal(u.n_cleanups, 0);
        if (test_region_engine())
            assert_int_equal(u.used_bytes, 0);
        assert_int_equal(pond_usage_get(root).n_children, 1);
    }
    pond_destroy(root);
}

static void reset_in_a_loop_does_not_grow(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "loop");
    size_t reserved = 0;
    for (size_t i = 0; i < test_scaled(300000); i++) {
        memset(pond_alloc(p, 1000), 1, 1000);
        test_defer(p, test_note, NULL);
        assert_non_null(pond_alloc(p, test_hide(3000)));
        pond_reset(p);
        test_notes_clear();
        size_t now = pond_usage_get(p).reserved_bytes;
        if (i == 100)
            reserved = now;
        if (i > 100 && now > reserved)
            fail_msg("%zu bytes held after %zu resets, %zu after 100", now, i,
                     reserved);
    }
    pond_destroy(p);
}

/* ---------------------------------------------------- cleanups that work */

struct scene {
    pond *p;      /* the one that ends */
    pond *other;  /* one that the cleanup meddles with */
    char *text;   /* in p */
    size_t times; /* how often something is still to be done */
};

static void allocate_from_the_dying(void *arg)
{
    struct scene *s = arg;
    CHECK(strcmp(s->text, "still here") == 0);
    for (size_t size = 1; size < 200000; size = size * 2 + 1) {
        char *at = pond_alloc(s->p, size);
        CHECK(at);
        memset(at, 0xcc, size);
    }
    char *zero = pond_calloc(s->p, 1, 5000);
    CHECK(zero && test_is_zero(zero, 5000));
    char *text = pond_printf(s->p, "%s, %d", s->text, 5);
    CHECK(text && strcmp(text, "still here, 5") == 0);
    CHECK(strcmp(s->text, "still here") == 0);
    CHECK(strcmp(pond_name(s->p), "dying") == 0);
    test_note(NUMBER(1));
}

static void cleanups_may_allocate(void **state)
{
    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        struct scene s = {.p = test_pond(NULL, "dying")};
        s.text = pond_strdup(s.p, "still here");
        for (int i = 0; i < 3; i++)
            test_defer(s.p, allocate_from_the_dying, &s);
        if (reset)
            pond_reset(s.p);
        else
            pond_destroy(s.p);
        EXPECT_NOTES(1, 1, 1);
        if (reset) {
            if (test_region_engine())
                assert_int_equal(pond_usage_get(s.p).used_bytes, 0);
            pond_destroy(s.p);
        }
    }
}

/* A child's cleanup works in its parent, which is dying too. */
static void a_childs_cleanup_uses_the_parent(void **state)
{
    (void)state;
    struct scene s = {.p = test_pond(NULL, "dying")};
    s.text = pond_strdup(s.p, "still here");
    for (int i = 0; i < 3; i++) {
        pond *child = test_pond(s.p, "child");
        test_defer(child, allocate_from_the_dying, &s);
    }
    test_defer(s.p, test_note, NUMBER(9));
    pond_destroy(s.p);
    EXPECT_NOTES(1, 1, 1, 9);
}

static void defer_again(void *arg)
{
    struct scene *s = arg;
    test_note(NUMBER((int)s->times));
    if (s->times-- > 0)
        test_defer(s->p, defer_again, s);
}

static void cleanups_may_defer(void **state)
{
    (void)state;
    struct scene s = {.p = test_pond(NULL, "dying"), .times = 4};
    test_defer(s.p, test_note, NUMBER(100));
    test_defer(s.p, defer_again, &s);
    pond_destroy(s.p);
    EXPECT_NOTES(4, 3, 2, 1, 0, 100);
    s = (struct scene){.p = test_pond(NULL, "dying"), .times = 60000};
    test_defer(s.p, defer_again, &s);
    pond_reset(s.p);
    assert_int_equal(test_notes_count(), 60001);
    test_notes_clear();
    pond_destroy(s.p);
    EXPECT_NO_NOTES();
}

static void make_children(void *arg)
{
    struct scene *s = arg;
    test_note(NUMBER(50));
    pond *a = test_pond(s->p, "late");
    test_defer(a, test_note, NUMBER(51));
    pond *b = test_pond(a, "late");
    test_defer(b, test_note, NUMBER(52));
    pond *c = test_pond(s->p, "late");
    test_defer(c, test_note, NUMBER(53));
    CHECK(pond_alloc(b, test_hide(100000)));
    test_defer(s->p, test_note, NUMBER(54));
}

static void cleanups_may_create_children(void **state)
{
    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        struct scene s = {.p = test_pond(NULL, "dying")};
        test_defer(s.p, test_note, NUMBER(1));
        test_defer(s.p, make_children, &s);
        test_defer(s.p, test_note, NUMBER(2));
        if (reset)
            pond_reset(s.p);
        else
            pond_destroy(s.p);
        EXPECT_NOTES(2, 50, 53, 52, 51, 54, 1);
        if (reset)
            pond_destroy(s.p);
    }
    /* and from a child that is being ended with its parent */
    struct scene s = {.p = test_pond(NULL, "dying")};
    test_defer(s.p, test_note, NUMBER(1));
    pond *older = test_pond(s.p, "older");
    test_defer(older, test_note, NUMBER(2));
    pond *child = test_pond(s.p, "child");
    test_defer(child, make_children, &s);
    pond_destroy(s.p);
    EXPECT_NOTES(50, 53, 52, 51, 2, 54, 1);
}

static void make_and_end_children(void *arg)
{
    struct scene *s = arg;
    pond *a = test_pond(s->p, "late");
    pond *b = test_pond(a, "late");
    test_defer(b, test_note, NUMBER(61));
    pond_destroy(a);
    pond *c = test_pond(s->p, "late");
    pond_reset(c);
    test_defer(c, test_note, NUMBER(62));
    test_note(NUMBER(63));
}

static void cleanups_may_end_their_own_children(void **state)
{
    (void)state;
    struct scene s = {.p = test_pond(NULL, "dying")};
    test_defer(s.p, make_and_end_children, &s);
    test_defer(s.p, make_and_end_children, &s);
    pond_destroy(s.p);
    EXPECT_NOTES(61, 63, 62, 61, 63, 62);
}

/* --------------------------------------------------------- cancel and run */

static void cancel_and_run(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "cancel");
    pond_cleanup *all[6];
    for (int i = 0; i < 6; i++)
        all[i] = test_defer(p, test_note, NUMBER(i));
    assert_int_equal(pond_usage_get(p).n_cleanups, 6);
    pond_cleanup_cancel(all[3]);
    EXPECT_NO_NOTES();
    pond_cleanup_run(all[1]);
    EXPECT_NOTES(1);
    pond_cleanup_run(all[5]);
    EXPECT_NOTES(5);
    pond_cleanup_cancel(all[0]);
    assert_int_equal(pond_usage_get(p).n_cleanups, 2);
    test_defer(p, test_note, NUMBER(7));
    test_defer(p, test_note, NUMBER(8));
    assert_int_equal(pond_usage_get(p).n_cleanups, 4);
    pond_destroy(p);
    EXPECT_NOTES(8, 7, 4, 2);
}

static pond_cleanup *shared[4];

static void cancel_the_others(void *arg)
{
    test_note(arg);
    pond_cleanup_cancel(shared[0]);
    pond_cleanup_run(shared[1]);
}

static void cancel_and_run_from_a_cleanup(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "cancel");
    pond *elsewhere = test_pond(NULL, "elsewhere");
    shared[0] = test_defer(p, test_note, NUMBER(0));
    test_defer(p, test_note, NUMBER(1));
    shared[1] = test_defer(p, test_note, NUMBER(2));
    test_defer(p, test_note, NUMBER(3));
    test_defer(p, cancel_the_others, NUMBER(4));
    pond_destroy(p);
    EXPECT_NOTES(4, 2, 3, 1);
    /* those of another pond, from an end and from a run */
    shared[0] = test_defer(elsewhere, test_note, NUMBER(0));
    shared[1] = test_defer(elsewhere, test_note, NUMBER(2));
    p = test_pond(NULL, "cancel");
    test_defer(p, cancel_the_others, NUMBER(4));
    pond_destroy(p);
    EXPECT_NOTES(4, 2);
    shared[0] = test_defer(elsewhere, test_note, NUMBER(0));
    shared[1] = test_defer(elsewhere, test_note, NUMBER(2));
    pond_cleanup_run(test_defer(elsewhere, cancel_the_others, NUMBER(5)));
    EXPECT_NOTES(5, 2);
    pond_destroy(elsewhere);
    EXPECT_NO_NOTES();
}

/* Nodes are reused, whatever the order in which they are given back. */
static void cancel_loops_do_not_grow(void **state)
{
    (void)state;
    enum { held = 64 };
    pond *p = test_pond(NULL, "loop");
    test_random r = {4};
    pond_cleanup *all[held] = {0};
    for (int i = 0; i < held; i++)
        all[i] = test_defer(p, test_note, NULL);
    pond_usage before = pond_usage_get(p);
    for (size_t i = 0; i < test_scaled(2000000); i++) {
        size_t k = test_random_below(&r, held);
        if (i & 1)
            pond_cleanup_cancel(all[k]);
        else
            pond_cleanup_run(all[k]);
        all[k] = test_defer(p, test_note, NULL);
        test_notes_clear();
    }
    pond_usage after = pond_usage_get(p);
    assert_int_equal(after.n_cleanups, held);
    assert_int_equal(after.used_bytes, before.used_bytes);
    assert_int_equal(after.reserved_bytes, before.reserved_bytes);
    for (int i = 0; i < held; i++)
        pond_cleanup_cancel(all[i]);
    assert_int_equal(pond_usage_get(p).n_cleanups, 0);
    pond_destroy(p);
    EXPECT_NO_NOTES();
}

/* ------------------------------------------- meddling with other ponds */

static pond *victims[4];

static void destroy_victims(void *arg)
{
    test_note(arg);
    for (size_t i = 0; i < COUNT(victims); i++) {
        pond *v = victims[i];
        victims[i] = NULL;
        pond_destroy(v);
    }
}

/* Siblings, older and younger, from the cleanup of one that is destroyed on
 * its own or with the parent. */
static void a_cleanup_destroys_siblings(void **state)
{
    (void)state;
    for (int alone = 0; alone < 2; alone++) {
        pond *p = test_pond(NULL, "siblings");
        pond *all[5];
        for (int i = 0; i < 5; i++) {
            all[i] = test_pond(p, "sibling");
            test_defer(all[i], test_note, NUMBER(i));
        }
        test_defer(all[4], destroy_victims, NUMBER(9));
        victims[0] = all[3]; /* the next to be ended */
        victims[1] = all[1];
        if (alone)
            pond_destroy(all[4]);
        pond_destroy(p);
        EXPECT_NOTES(9, 3, 1, 4, 2, 0);
    }
}

/* The deep one's cleanup destroys siblings of its ancestors. */
static void a_cleanup_destroys_uncles(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "uncles");
    pond *oldest = test_pond(p, "uncle");
    pond *uncle = test_pond(p, "uncle");
    pond *cousin = test_pond(uncle, "cousin");
    pond *father = test_pond(p, "father");
    pond *brother = test_pond(father, "brother");
    pond *son = test_pond(father, "son");
    test_defer(oldest, test_note, NUMBER(1));
    test_defer(uncle, test_note, NUMBER(2));
    test_defer(cousin, test_note, NUMBER(3));
    test_defer(father, test_note, NUMBER(4));
    test_defer(brother, test_note, NUMBER(5));
    test_defer(son, test_note, NUMBER(6));
    test_defer(son, destroy_victims, NUMBER(9));
    victims[0] = brother;
    victims[1] = uncle;
    pond_destroy(p);
    EXPECT_NOTES(9, 5, 3, 2, 6, 4, 1);
}

static void disturb_victims(void *arg)
{
    test_note(arg);
    pond_reset(victims[0]);
    pond *child = test_pond(victims[1], "late");
    test_defer(child, test_note, NUMBER(70));
    test_defer(victims[1], test_note, NUMBER(71));
    CHECK(pond_alloc(victims[1], test_hide(70000)));
}

static void a_cleanup_resets_and_fills_siblings(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "siblings");
    pond *a = test_pond(p, "a");
    pond *b = test_pond(p, "b");
    pond *c = test_pond(p, "c");
    test_defer(a, test_note, NUMBER(1));
    test_defer(b, test_note, NUMBER(2));
    test_defer(c, disturb_victims, NUMBER(3));
    victims[0] = b;
    victims[1] = a;
    pond_destroy(p);
    EXPECT_NOTES(3, 2, 70, 71, 1);
}

/* An end within an end within an end, of unrelated roots. */
static void destroy_next_root(void *arg)
{
    pond **roots = arg;
    test_note(NUMBER(5));
    pond_destroy(roots[0]);
    test_note(NUMBER(6));
}

static void a_cleanup_destroys_another_root(void **state)
{
    (void)state;
    pond *roots[31];
    for (size_t i = 0; i < 30; i++)
        roots[i] = test_pond(NULL, "root");
    roots[30] = NULL;
    for (size_t i = 0; i < 30; i++)
        test_defer(roots[i], destroy_next_root, &roots[i + 1]);
    pond_destroy(roots[0]);
    assert_int_equal(test_notes_count(), 60);
    test_notes_clear();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(cleanups_newest_first),
        TEST(children_first_then_cleanups),
        TEST(reset_keeps_the_place_in_the_tree),
        TEST(destroying_one_of_several),
        TEST(nothing_is_nothing),
        TEST(reset_keeps_name_parent_and_budget),
        TEST(reset_in_a_loop_does_not_grow),
        TEST(cleanups_may_allocate),
        TEST(a_childs_cleanup_uses_the_parent),
        TEST(cleanups_may_defer),
        TEST(cleanups_may_create_children),
        TEST(cleanups_may_end_their_own_children),
        TEST(cancel_and_run),
        TEST(cancel_and_run_from_a_cleanup),
        TEST(cancel_loops_do_not_grow),
        TEST(a_cleanup_destroys_siblings),
        TEST(a_cleanup_destroys_uncles),
        TEST(a_cleanup_resets_and_fills_siblings),
        TEST(a_cleanup_destroys_another_root),
    };
    return cmocka_run_group_tests_name("lifetime", tests, NULL, NULL);
}
