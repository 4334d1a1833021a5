/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mark_stale.c - marks that must be refused, and marks and rewinds from
 * within cleanups. What a rewind does is in test_mark.c.
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

/* ------------------------------------------------------------ stale marks */

static void marks_of_others_are_refused(void **state)
{
    (void)state;
    pond *a = test_pond(NULL, "a");
    pond *b = test_pond(NULL, "b");
    pond *child = test_pond(a, "child");
    pond_mark marks[] = {pond_mark_take(a), pond_mark_take(b),
                         pond_mark_take(child)};
    pond *ponds[] = {a, b, child};
    hold(a, 100, 1);
    hold(b, 100, 1);
    hold(child, 100, 1);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++)
            if (i != k)
                must_refuse(ponds[i], marks[k]);
    pond_mark none = {0, 0};
    for (size_t i = 0; i < 3; i++) {
        must_refuse(ponds[i], none);
        pond_mark forged = marks[i];
        forged.serial += 1000000;
        must_refuse(ponds[i], forged);
        forged = marks[i];
        forged.life += 1000000;
        must_refuse(ponds[i], forged);
        forged = marks[i];
        forged.life = 0;
        must_refuse(ponds[i], forged);
        must_rewind(ponds[i], marks[i]);
    }
    pond_destroy(b);
    pond_destroy(a);
}

static void reset_makes_marks_stale(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    pond_mark old[40];
    for (size_t i = 0; i < COUNT(old); i++) {
        if (i % 2)
            hold(p, 50, 1);
        old[i] = pond_mark_take(p);
        hold(p, 50, i);
        pond_reset(p);
        pond_mark mine = pond_mark_take(p); /* the same moment, another life */
        char *kept = hold(p, 50, i);
        for (size_t k = 0; k <= i; k++)
            must_refuse(p, old[k]);
        assert_true(test_holds(kept, 50, i));
        must_rewind(p, mine);
        pond_reset(p);
    }
    pond_destroy(p);
}

/* A recycled handle at the same address. */
static void marks_do_not_outlive_their_pond(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    void *last = NULL;
    size_t recycled = 0;
    pond_mark old[60];
    for (size_t i = 0; i < COUNT(old); i++) {
        recycled += (void *)p == last;
        hold(p, 16, 1);
        for (size_t k = 0; k < i; k++)
            must_refuse(p, old[k]);
        old[i] = pond_mark_take(p);
        hold(p, 16, 2);
        for (size_t k = 0; k < i; k++)
            must_refuse(p, old[k]);
        last = p;
        pond_destroy(p);
        p = test_pond(NULL, "mark");
    }
    pond_destroy(p);
    if (test_region_engine())
        assert_true(recycled > 0); /* else this has tested nothing */
}

/* Rewound to an older mark, younger ones stay refused, even when the same
 * steps are taken again. */
static void younger_marks_stay_stale(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    hold(p, 64, 1);
    pond_mark older = pond_mark_take(p);
    pond_mark stale[30];
    for (size_t i = 0; i < COUNT(stale); i++) {
        hold(p, 64, 2);
        stale[i] = pond_mark_take(p);
        hold(p, 64, 3);
        must_rewind(p, stale[i]);
        must_rewind(p, older);
        for (size_t k = 0; k <= i; k++)
            must_refuse(p, stale[k]);
        hold(p, 64, 2);
        pond_mark again = pond_mark_take(p);
        for (size_t k = 0; k <= i; k++)
            must_refuse(p, stale[k]);
        must_rewind(p, again);
        must_rewind(p, older);
    }
    pond_destroy(p);
}

static void a_mark_without_memory_is_refused(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "mark");
    pond_limit(p, 20000);
    while (pond_alloc(p, test_hide(16)))
        continue;
    while (pond_defer(p, test_note, NULL))
        continue;
    pond_mark mark = pond_mark_take(p);
    must_refuse(p, mark);
    pond_limit(p, 0);
    must_refuse(p, mark);
    mark = pond_mark_take(p);
    hold(p, 5000, 1);
    must_rewind(p, mark);
    pond_destroy(p);
    test_notes_clear();
}

/* --------------------------------------------------- marks while ending */

struct scene {
    pond *p;
    pond_mark mark;
    char *text;
    int result;
};

static void rewind_the_dying(void *arg)
{
    struct scene *s = arg;
    test_note(NUMBER(1));
    s->result = pond_rewind(s->p, s->mark);
    CHECK(strcmp(s->text, "older than the mark") == 0);
    pond_mark mark = pond_mark_take(s->p);
    char *at = hold(s->p, 1000, 3);
    CHECK(pond_rewind(s->p, mark) == -EINVAL);
    CHECK(test_holds(at, 1000, 3));
}

static void no_rewind_while_ending(void **state)
{
    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        struct scene s = {.p = test_pond(NULL, "dying")};
        s.text = pond_strdup(s.p, "older than the mark");
        test_defer(s.p, test_note, NUMBER(2));
        s.mark = pond_mark_take(s.p);
        test_defer(s.p, test_note, NUMBER(3));
        test_defer(s.p, rewind_the_dying, &s);
        if (reset)
            pond_reset(s.p);
        else
            pond_destroy(s.p);
        assert_int_equal(s.result, -EINVAL);
        EXPECT_NOTES(1, 3, 2);
        if (reset)
            pond_destroy(s.p);
    }
}

static void rewind_another(void *arg)
{
    struct scene *s = arg;
    s->result = pond_rewind(s->p, s->mark);
    test_note(NUMBER(1));
}

/* A cleanup may rewind another pond: an unrelated one, or a sibling that is
 * not being ended itself. */
static void a_cleanup_rewinds_another(void **state)
{
    (void)state;
    pond *parent = test_pond(NULL, "parent");
    struct scene s = {.p = test_pond(parent, "sibling"), .result = 1};
    s.mark = pond_mark_take(s.p);
    test_defer(s.p, test_note, NUMBER(5));
    pond *dying = test_pond(parent, "dying");
    test_defer(dying, rewind_another, &s);
    pond_destroy(dying);
    EXPECT_NOTES(5, 1);
    assert_int_equal(s.result, 0);
    pond_destroy(parent);
}

static void work_in_the_rewound(void *arg)
{
    struct scene *s = arg;
    test_note(NUMBER(1));
    for (size_t size = 10; size < 300000; size *= 4)
        hold(s->p, size, size);
    test_defer(s->p, test_note, NUMBER(2));
    pond *child = test_pond(s->p, "late");
    test_defer(child, test_note, NUMBER(3));
    CHECK(strcmp(s->text, "older than the mark") == 0);
}

/* What a cleanup makes during a rewind is young, and ends too. */
static void cleanups_work_during_a_rewind(void **state)
{
    (void)state;
    struct scene s = {.p = test_pond(NULL, "rewound")};
    s.text = pond_strdup(s.p, "older than the mark");
    test_defer(s.p, test_note, NUMBER(9));
    s.mark = pond_mark_take(s.p);
    pond_usage before = pond_usage_get(s.p);
    for (int round = 0; round < 20; round++) {
        test_defer(s.p, test_note, NUMBER(4));
        test_defer(s.p, work_in_the_rewound, &s);
        must_rewind(s.p, s.mark);
        EXPECT_NOTES(1, 3, 2, 4);
        pond_usage now = pond_usage_get(s.p);
        now.peak_bytes = before.peak_bytes;
        assert_true(test_same_usage(before, now));
    }
    pond_destroy(s.p);
    EXPECT_NOTES(9);
}

static void rewind_the_rewound(void *arg)
{
    struct scene *s = arg;
    test_note(NUMBER(1));
    s->result = pond_rewind(s->p, s->mark);
}

/* Not said what it returns; it must do no harm. */
static void a_rewind_within_a_rewind(void **state)
{
    (void)state;
    struct scene s = {.p = test_pond(NULL, "rewound")};
    s.text = pond_strdup(s.p, "older than the mark");
    test_defer(s.p, test_note, NUMBER(9));
    s.mark = pond_mark_take(s.p);
    for (int round = 0; round < 3; round++) {
        test_defer(s.p, test_note, NUMBER(4));
        hold(s.p, 100000, 1);
        test_defer(s.p, rewind_the_rewound, &s);
        hold(s.p, 1000, 1);
        must_rewind(s.p, s.mark);
        assert_true(s.result == 0 || s.result == -EINVAL);
        if (s.result == 0)
            assert_int_equal(test_notes_count(), 2);
        else
            EXPECT_NOTES(1, 4);
        test_notes_clear();
        assert_string_equal(s.text, "older than the mark");
    }
    pond_destroy(s.p);
    EXPECT_NOTES(9);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(marks_of_others_are_refused),
        TEST(reset_makes_marks_stale),
        TEST(marks_do_not_outlive_their_pond),
        TEST(younger_marks_stay_stale),
        TEST(a_mark_without_memory_is_refused),
        TEST(no_rewind_while_ending),
        TEST(a_cleanup_rewinds_another),
        TEST(cleanups_work_during_a_rewind),
        TEST(a_rewind_within_a_rewind),
    };
    return cmocka_run_group_tests_name("mark_stale", tests, NULL, NULL);
}
