/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_tree.c - deep and wide trees, which end without recursion, and the
 * misuses of an end.
 */
#include "support.h"

/* ----------------------------------------------------------- large trees */

static void note_level(void *level)
{
    test_note(level);
}

struct tree {
    size_t levels;
    int how; /* 0 destroy, 1 reset, 2 rewind */
    size_t seen;
};

static void count_visit(const pond *p, void *arg)
{
    (void)p;
    ((struct tree *)arg)->seen++;
}

/* Whatever walks a tree is called on it, on a stack of 64 KiB. */
static void look_at(pond *root, struct tree *t)
{
    pond_usage u = pond_usage_tree(root);
    CHECK(u.n_children == t->levels);
    CHECK(u.n_cleanups == t->levels);
    size_t all = 1 + t->levels;
    CHECK(!test_region_engine() || u.reserved_bytes >= all * 512);
    t->seen = 0;
    pond_visit(count_visit, t);
    CHECK(t->seen >= all);
    pond_limit(root, SIZE_MAX / 4);
    CHECK(pond_usage_get(root).charged_bytes >= u.used_bytes);
    pond_limit(root, 0);
    pond_hand_over(root);
}

static void grow_deep(void *arg)
{
    struct tree *t = arg;
    pond *root = test_pond_sized(NULL, "deep", 512);
    pond_mark mark = pond_mark_take(root);
    pond *p = root;
    for (size_t i = 0; i < t->levels; i++) {
        p = test_pond_sized(p, "deep", 512);
        test_defer(p, note_level, NUMBER((int)i));
    }
    look_at(root, t);
    if (t->how == 0)
        pond_destroy(root);
    else if (t->how == 1)
        pond_reset(root);
    else
        CHECK(pond_rewind(root, mark) == 0);
    CHECK(test_notes_count() == t->levels);
    for (size_t i = 0; i < t->levels; i++)
        CHECK(test_notes_at(i) == (int)(t->levels - 1 - i));
    test_notes_clear();
    if (t->how != 0)
        pond_destroy(root);
}

static void deep_trees_need_no_stack(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct tree t = {.levels = test_scaled(how ? 200000 : 1000000),
                         .how = how};
        test_on_small_stack(grow_deep, &t);
    }
}

static void grow_wide(void *arg)
{
    struct tree *t = arg;
    pond *root = test_pond_sized(NULL, "wide", 512);
    pond_mark mark = pond_mark_take(root);
    for (size_t i = 0; i < t->levels; i++) {
        pond *p = test_pond_sized(root, "wide", 512);
        test_defer(p, note_level, NUMBER((int)i));
    }
    look_at(root, t);
    if (t->how == 0)
        pond_destroy(root);
    else if (t->how == 1)
        pond_reset(root);
    else
        CHECK(pond_rewind(root, mark) == 0);
    CHECK(test_notes_count() == t->levels);
    for (size_t i = 0; i < t->levels; i++)
        CHECK(test_notes_at(i) == (int)(t->levels - 1 - i));
    test_notes_clear();
    if (t->how != 0)
        pond_destroy(root);
}

static void wide_trees(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct tree t = {.levels = test_scaled(100000), .how = how};
        test_on_small_stack(grow_wide, &t);
    }
}

/* --------------------------------------------------------------- misuses */

static void end_own(void *p)
{
    pond_destroy(p);
}

static void reset_own(void *p)
{
    pond_reset(p);
}

static void misuse_destroy_own(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "suicidal");
    test_defer(p, end_own, p);
    pond_destroy(p);
}

static void misuse_reset_own(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "suicidal");
    test_defer(p, reset_own, p);
    pond_reset(p);
}

static void misuse_destroy_ancestor(void *how)
{
    pond *p = test_pond(NULL, "patricidal");
    pond *child = test_pond(test_pond(p, "son"), "grandson");
    test_defer(child, how ? reset_own : end_own, p);
    pond_destroy(p);
}

/* The other way round: the son ends, and his cleanup ends the father. */
static void misuse_destroy_father(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "father");
    pond *son = test_pond(p, "son");
    test_defer(son, end_own, p);
    pond_destroy(son);
}

static void defer_for_ever(void *p)
{
    test_defer(p, defer_for_ever, p);
}

static void misuse_endless(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "endless");
    test_defer(p, defer_for_ever, p);
    pond_destroy(p);
}

static void create_for_ever(void *p)
{
    pond *child = test_pond(p, "endless");
    test_defer(child, create_for_ever, p);
}

static void misuse_endless_children(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "endless");
    test_defer(p, create_for_ever, p);
    pond_destroy(p);
}

static void misuse_destroy_twice(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "twice");
    pond_destroy(p);
    pond_destroy(p);
}

static void misuse_alloc_after_end(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "after");
    pond_destroy(p);
    void *at = pond_alloc(p, test_hide(16));
    CHECK(at == NULL || at != NULL);
}

static void misuses_of_an_end_are_named(void **state)
{
    (void)state;
    EXPECT_MISUSE(misuse_destroy_own, NULL, "suicidal");
    EXPECT_MISUSE(misuse_reset_own, NULL, "suicidal");
    EXPECT_MISUSE(misuse_destroy_ancestor, NUMBER(0), "patricidal");
    EXPECT_MISUSE(misuse_destroy_ancestor, NUMBER(1), "patricidal");
    EXPECT_MISUSE(misuse_destroy_father, NULL, "son");
    EXPECT_MISUSE(misuse_endless, NULL, "endless");
    EXPECT_MISUSE(misuse_endless_children, NULL, "endless");
    EXPECT_MISUSE(misuse_destroy_twice, NULL, NULL);
    EXPECT_MISUSE(misuse_alloc_after_end, NULL, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(deep_trees_need_no_stack),
        TEST(wide_trees),
        TEST(misuses_of_an_end_are_named),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
