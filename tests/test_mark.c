/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mark.c - marks and rewind: what is ended and what stays, memory given
 * back, and what happens without moving the cursor. Stale marks are in
 * test_mark_stale.c.
 */
#include "support.h"

#include <errno.h>

static void *hold(pond *p, size_t size, uint64_t seed)
{
    void *at = pond_alloc(p, size);
    CHECK(at);
    test_fill(at, size, seed);
    return at;
}

static void must_rewind(pond *p, pond_mark mark)
{
    assert_int_equal(pond_rewind(p, mark), 0);
}

static void must_refuse(pond *p, pond_mark mark)
{
    pond_usage before = pond_usage_get(p);
    assert_int_equal(pond_rewind(p, mark), -EINVAL);
    assert_true(test_same_usage(before, pond_usage_get(p)));
    EXPECT_NO_NOTES();
}

/* ------------------------------------------------- what ends, what stays */

static void younger_objects_end_older_stay(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 100, 4000, 9000, 60000, 200000, 3000000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond *p = test_pond(NULL, "mark");
        char *old = hold(p, sizes[i], 1);
        pond_mark mark = pond_mark_take(p);
        pond_usage at_mark = pond_usage_get(p);
        for (int round = 0; round < 5; round++) {
            for (size_t k = 0; k < COUNT(sizes); k++)
                hold(p, sizes[k], k + 10);
            must_rewind(p, mark);
            pond_usage now = pond_usage_get(p);
            now.peak_bytes = at_mark.peak_bytes;
            assert_true(test_same_usage(at_mark, now));
            assert_true(test_holds(old, sizes[i], 1));
        }
        assert_false(pond_failed(p));
        pond_destroy(p);
    }
}

/* The cursor comes back to where it was. */
static void room_is_used_again(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "mark", 4096);
    hold(p, 100, 1);
    pond_mark mark = pond_mark_take(p);
    char *first = hold(p, 200, 2);
    hold(p, 30000, 3);
    must_rewind(p, mark);
    assert_ptr_equal(pond_alloc(p, test_hide(200)), first);
    must_rewind(p, mark);
    assert_ptr_equal(pond_alloc(p, test_hide(48)), first);
    pond_destroy(p);
}

static void order_is_that_of_an_end(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    test_defer(p, test_note, NUMBER(1));
    pond *old = test_pond(p, "old");
    test_defer(old, test_note, NUMBER(2));
    pond_mark mark = pond_mark_take(p);
    test_defer(p, test_note, NUMBER(3));
    pond *a = test_pond(p, "a");
    test_defer(a, test_note, NUMBER(4));
    test_defer(p, test_note, NUMBER(5));
    pond *b = test_pond(p, "b");
    test_defer(b, test_note, NUMBER(6));
    pond *c = test_pond(a, "c");
    test_defer(c, test_note, NUMBER(7));
    test_defer(a, test_note, NUMBER(8));
    test_defer(old, test_note, NUMBER(9));
    must_rewind(p, mark);
    EXPECT_NOTES(6, 7, 8, 4, 5, 3);
    must_rewind(p, mark);
    EXPECT_NO_NOTES();
    assert_int_equal(pond_usage_get(p).n_children, 1);
    assert_int_equal(pond_usage_get(p).n_cleanups, 1);
    pond_destroy(p);
    EXPECT_NOTES(9, 2, 1);
}

/* A child older than the mark keeps what it does after it. */
static void an_older_child_keeps_all(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    pond *child = test_pond(p, "child");
    pond_mark mark = pond_mark_take(p);
    char *at = hold(child, 5000, 1);
    pond *grandchild = test_pond(child, "grandchild");
    char *deeper = hold(grandchild, 100000, 2);
    test_defer(grandchild, test_note, NUMBER(1));
    hold(p, 100000, 3);
    must_rewind(p, mark);
    hold(p, 50000, 4);
    EXPECT_NO_NOTES();
    assert_true(test_holds(at, 5000, 1));
    assert_true(test_holds(deeper, 100000, 2));
    pond_destroy(p);
    EXPECT_NOTES(1);
}

static void what_ended_by_itself_is_no_matter(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    pond_cleanup *old = test_defer(p, test_note, NUMBER(1));
    pond *older = test_pond(p, "older");
    pond *reset = test_pond(p, "reset");
    pond_mark mark = pond_mark_take(p);
    pond *younger = test_pond(p, "younger");
    pond_cleanup *young = test_defer(p, test_note, NUMBER(2));
    pond_destroy(older);
    pond_destroy(younger);
    pond_reset(reset);
    pond_cleanup_cancel(old);
    pond_cleanup_run(young);
    EXPECT_NOTES(2);
    must_rewind(p, mark);
    EXPECT_NO_NOTES();
    assert_int_equal(pond_usage_get(p).n_children, 1);
    pond_destroy(p);
    EXPECT_NO_NOTES();
}

static void nested_marks(void **state)
{
    (void)state;
    enum { depth = 200 };
    pond *p = test_pond(NULL, "mark");
    pond_mark marks[depth];
    char *objects[depth];
    size_t used[depth];
    test_random r = {5};
    for (int round = 0; round < 20; round++) {
        size_t n = 0;
        for (size_t step = 0; step < 2000; step++) {
            if (n < depth && test_random_below(&r, 3)) {
                used[n] = pond_usage_get(p).used_bytes;
                marks[n] = pond_mark_take(p);
                objects[n] = hold(p, 40 + 90 * n, n);
                n++;
            } else if (n > 0) {
                size_t back = test_random_below(&r, n);
                must_rewind(p, marks[back]);
                for (size_t k = back + 1; k < n; k++)
                    must_refuse(p, marks[k]);
                for (size_t k = 0; k < back; k++)
                    assert_true(test_holds(objects[k], 40 + 90 * k, k));
                assert_in_range(pond_usage_get(p).used_bytes, used[back],
                                used[back] + 64);
                n = back; /* taken again above, as the same or a new one */
            }
        }
        pond_reset(p);
    }
    pond_destroy(p);
}

/* --------------------------------- things that do not move the cursor ---
 * "The same mark when nothing has happened": each of these is something. */

enum something {
    SOME_CHILD,
    SOME_CLEANUP, /* in a node that was used before */
    SOME_LARGE,
    SOME_MEDIUM, /* a block that may not become the current one */
    SOME_SHRUNK, /* the cursor goes and comes back */
    SOME_ZERO,
    N_SOMETHINGS
};

static void do_something(pond *p, int what, char **kept, size_t *size)
{
    *size = 0;
    switch (what) {
    case SOME_CHILD:
        test_defer(test_pond(p, "child"), test_note, NUMBER(1));
        return;
    case SOME_CLEANUP:
        test_defer(p, test_note, NUMBER(1));
        return;
    case SOME_LARGE:
        *size = 5 * MIB;
        break;
    case SOME_MEDIUM:
        *size = 7000;
        break;
    case SOME_SHRUNK:
        *size = 4;
        *kept = pond_realloc(p, hold(p, 200, 1), 200, 4);
        test_fill(*kept, *size, 3);
        return;
    default:
        *kept = pond_alloc(p, test_hide(0));
        return;
    }
    *kept = hold(p, *size, 3);
}

static void every_something_is_seen_by_a_mark(void **state)
{
    (void)state;
    for (int what = 0; what < N_SOMETHINGS; what++) {
        for (int reused = 0; reused < 2; reused++) {
            pond *p = test_pond(NULL, "mark");
            char *kept = NULL;
            size_t size;
            pond_cleanup_cancel(test_defer(p, test_note, NUMBER(8)));
            pond_mark before = pond_mark_take(p);
            if (reused)
                must_rewind(p, before);
            do_something(p, what, &kept, &size);
            pond_mark after = pond_mark_take(p);
            hold(p, 8000, 5);
            must_rewind(p, after);
            EXPECT_NO_NOTES(); /* what is older than `after` stays */
            char *next = hold(p, 100, 6);
            assert_true(!kept || test_holds(kept, size, 3));
            assert_true(next != kept);
            must_rewind(p, before);
            if (what == SOME_CHILD || what == SOME_CLEANUP)
                EXPECT_NOTES(1);
            must_refuse(p, after);
            pond_destroy(p);
            EXPECT_NO_NOTES();
        }
    }
}

static void a_mark_on_nothing_new_is_the_same(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    hold(p, 100, 1);
    pond_mark first = pond_mark_take(p);
    pond_usage before = pond_usage_get(p);
    for (size_t i = 0; i < test_scaled(1000000); i++) {
        pond_mark mark = pond_mark_take(p);
        if (mark.life != first.life || mark.serial != first.serial)
            fail_msg("another mark though nothing has happened");
    }
    assert_true(test_same_usage(before, pond_usage_get(p)));
    pond_destroy(p);
}

static void take_and_rewind_do_not_grow(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    char *old = hold(p, 100, 1);
    pond_usage before = {0};
    size_t n = test_scaled(10000000);
    for (size_t i = 0; i < n; i++) {
        pond_mark mark = pond_mark_take(p);
        char *at = pond_alloc(p, test_hide(40));
        if (!at || pond_rewind(p, mark) != 0)
            fail_msg("round %zu", i);
        if (i == 10)
            before = pond_usage_get(p);
    }
    if (n > 10)
        assert_true(test_same_usage(before, pond_usage_get(p)));
    /* two levels, with children, cleanups and blocks */
    for (size_t i = 0; i < test_scaled(100000); i++) {
        pond_mark outer = pond_mark_take(p);
        hold(p, 100, i);
        pond_mark inner = pond_mark_take(p);
        test_defer(p, test_note, NULL);
        test_defer(test_pond(p, "child"), test_note, NULL);
        hold(p, 3000, i);
        must_rewind(p, inner);
        must_rewind(p, outer);
        test_notes_clear();
        if (i == 10)
            before = pond_usage_get(p);
    }
    assert_true(test_same_usage(before, pond_usage_get(p)));
    assert_true(test_holds(old, 100, 1));
    pond_destroy(p);
}

/* ----------------------------------------------- nodes and marks together */

/* A node younger than the mark is given back with its memory: a later defer
 * must not find it on a list of free ones. */
static void cancelled_nodes_do_not_outlive_their_memory(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    for (int round = 0; round < 50; round++) {
        pond_mark mark = pond_mark_take(p);
        pond_cleanup *young[40];
        for (size_t i = 0; i < COUNT(young); i++)
            young[i] = test_defer(p, test_note, NUMBER(1));
        for (size_t i = 0; i < COUNT(young); i++) {
            if (i % 2)
                pond_cleanup_cancel(young[i]);
            else
                pond_cleanup_run(young[i]);
        }
        test_notes_clear();
        must_rewind(p, mark);
        EXPECT_NO_NOTES();
        char *objects[40];
        for (size_t i = 0; i < COUNT(objects); i++)
            objects[i] = hold(p, 64, i);
        for (int i = 0; i < 45; i++)
            test_defer(p, test_note, NUMBER(i));
        for (size_t i = 0; i < COUNT(objects); i++)
            assert_true(test_holds(objects[i], 64, i));
        must_rewind(p, mark);
        assert_int_equal(test_notes_count(), 45);
        for (size_t i = 0; i < 45; i++)
            assert_int_equal(test_notes_at(i), 44 - (int)i);
        test_notes_clear();
    }
    pond_destroy(p);
}

/* The same where the memory that goes is cleared, and where it is whole
 * blocks: what tells a node's age must be read before. */
static void cancelled_nodes_in_cleared_memory(void **state)
{
    (void)state;
    for (int clear = 0; clear < 2; clear++) {
        pond_options o = {.size = sizeof o, .clear_on_end = clear};
        pond *p = pond_create_with(NULL, "mark", &o);
        assert_non_null(p);
        pond_mark mark = pond_mark_take(p);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 10 * round; i++) {
                hold(p, 700, 1);
                pond_cleanup *c = test_defer(p, test_note, NUMBER(i));
                if (i % 2)
                    pond_cleanup_cancel(c);
            }
            must_rewind(p, mark);
            test_notes_clear();
            if (round % 4 == 3)
                pond_trim(UINT32_MAX);
            pond *other = test_pond(NULL, "taker");
            char *taken = hold(other, 5000, 4);
            char *at = hold(p, 300, 2);
            test_defer(p, test_note, NUMBER(7));
            char *more = hold(p, 300, 3);
            assert_true(test_holds(at, 300, 2));
            assert_true(test_holds(more, 300, 3));
            assert_true(test_holds(taken, 5000, 4));
            pond_destroy(other);
            must_rewind(p, mark);
            EXPECT_NOTES(7);
        }
        pond_destroy(p);
        EXPECT_NO_NOTES();
    }
}

/* A node older than the mark, used again after it, is young. */
static void reused_nodes_are_young(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    pond_mark outer = pond_mark_take(p);
    pond_cleanup *old[10];
    for (int i = 0; i < 10; i++)
        old[i] = test_defer(p, test_note, NUMBER(i));
    for (int i = 0; i < 10; i += 2)
        pond_cleanup_cancel(old[i]);
    pond_mark inner = pond_mark_take(p);
    for (int i = 0; i < 7; i++)
        test_defer(p, test_note, NUMBER(100 + i));
    pond_cleanup_cancel(old[5]);
    test_defer(p, test_note, NUMBER(200));
    must_rewind(p, inner);
    EXPECT_NOTES(200, 106, 105, 104, 103, 102, 101, 100);
    for (int i = 0; i < 9; i++)
        test_defer(p, test_note, NUMBER(300 + i));
    must_rewind(p, outer);
    EXPECT_NOTES(308, 307, 306, 305, 304, 303, 302, 301, 300, 9, 7, 3, 1);
    test_defer(p, test_note, NUMBER(400));
    hold(p, 200, 1);
    pond_destroy(p);
    EXPECT_NOTES(400);
}

/* ---------------------------------------------------- realloc under marks */

static void older_objects_are_not_resized_in_place(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 100, 5000, 9000, 100000, 3000000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int grow = 0; grow < 2; grow++) {
            size_t size = sizes[i];
            size_t other = grow ? size + size / 2 : size - size / 2;
            pond *p = test_pond(NULL, "mark");
            char *a = hold(p, size, 1);
            pond_mark mark = pond_mark_take(p);
            char *b = pond_realloc(p, a, size, other);
            assert_non_null(b);
            assert_true(!grow || a != b);
            size_t same = size < other ? size : other;
            assert_true(test_holds(b, same / 8 * 8, 1));
            if (a != b) /* a smaller one may stay, if its room stays too */
                test_fill(b, other, 2);
            hold(p, size - same + 16, 3);
            hold(p, 300, 3);
            assert_true(test_holds(a, size, 1));
            must_rewind(p, mark);
            hold(p, size, 4);
            hold(p, 300, 5);
            assert_true(test_holds(a, size, 1));
            pond_destroy(p);
        }
    }
}

static void younger_objects_are(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "mark", 8192);
    hold(p, 100, 1);
    pond_mark mark = pond_mark_take(p);
    for (int round = 0; round < 4; round++) {
        char *a = hold(p, 100, 2);
        assert_ptr_equal(pond_realloc(p, a, 100, 600), a);
        assert_ptr_equal(pond_realloc(p, a, 600, 50), a);
        char *large = hold(p, 4 * MIB, 3);
        assert_ptr_equal(pond_realloc(p, large, 4 * MIB, 3 * MIB), large);
        must_rewind(p, mark);
    }
    /* the mark of the moment is newer than all */
    char *a = hold(p, 100, 4);
    pond_mark newer = pond_mark_take(p);
    assert_ptr_not_equal(pond_realloc(p, a, 100, 200), a);
    must_rewind(p, newer);
    assert_true(test_holds(a, 100, 4));
    assert_ptr_not_equal(pond_realloc(p, a, 100, 200), a);
    must_rewind(p, mark); /* now `newer` is gone, and a with it */
    a = hold(p, 100, 5);
    assert_ptr_equal(pond_realloc(p, a, 100, 200), a);
    pond_destroy(p);
}

/* Large ones that were moved since the mark: the old stay, the new go. */
static void moved_large_objects(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    size_t size = MIB;
    char *old = hold(p, size, 1);
    pond_mark mark = pond_mark_take(p);
    pond_usage at_mark = pond_usage_get(p);
    for (int round = 0; round < 4; round++) {
        char *at = old;
        size_t now = size;
        for (int i = 0; i < 6; i++) {
            at = pond_realloc(p, at, now, now + 700000);
            assert_non_null(at);
            assert_true(test_holds(at, now / 8 * 8, 1));
            now += 700000;
            test_fill(at, now, 1);
        }
        must_rewind(p, mark);
        assert_true(test_holds(old, size, 1));
        assert_int_equal(pond_usage_get(p).reserved_bytes,
                         at_mark.reserved_bytes);
    }
    pond_destroy(p);
}

/* ------------------------------------------------------ marks and budgets */

static size_t fill_up(pond *p)
{
    size_t n = 0;
    while (pond_alloc(p, test_hide(96)))
        n++;
    return n;
}

static void rewind_gives_back_to_the_budget(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "root");
    pond *p = test_pond(root, "mark");
    pond_limit(root, 500000);
    hold(p, 5000, 1);
    pond_mark mark = pond_mark_take(p);
    size_t charged = pond_usage_get(root).charged_bytes;
    size_t first = fill_up(p);
    assert_true(first > 4000);
    for (int round = 0; round < 10; round++) {
        must_rewind(p, mark);
        assert_true(pond_usage_get(root).charged_bytes <= charged);
        assert_true(pond_failed(p)); /* until reset */
        pond *child = test_pond(p, "child");
        fill_up(child);
        must_rewind(p, mark);
        assert_in_range(fill_up(p), first - 8, first + 8); /* tails */
    }
    pond_destroy(root);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(younger_objects_end_older_stay),
        TEST(room_is_used_again),
        TEST(order_is_that_of_an_end),
        TEST(an_older_child_keeps_all),
        TEST(what_ended_by_itself_is_no_matter),
        TEST(nested_marks),
        TEST(every_something_is_seen_by_a_mark),
        TEST(a_mark_on_nothing_new_is_the_same),
        TEST(take_and_rewind_do_not_grow),
        TEST(cancelled_nodes_do_not_outlive_their_memory),
        TEST(cancelled_nodes_in_cleared_memory),
        TEST(reused_nodes_are_young),
        TEST(older_objects_are_not_resized_in_place),
        TEST(younger_objects_are),
        TEST(moved_large_objects),
        TEST(rewind_gives_back_to_the_budget),
    };
    return cmocka_run_group_tests_name("mark", tests, NULL, NULL);
}
