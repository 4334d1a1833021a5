/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_realloc.c - pond_realloc: in place at the tip and in a block of its
 * own, moved elsewhere, to and from nothing, and refused. What it does beneath
 * a mark is in test_mark.c.
 */
#include "support.h"

static void *must_realloc(pond *p, void *at, size_t old_size, size_t new_size)
{
    void *got = pond_realloc(p, at, old_size, new_size);
    assert_non_null(got);
    assert_true(test_aligned(got, 16));
    return got;
}

static void null_is_an_allocation(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "realloc");
    static const size_t old_sizes[] = {0, 1, 100, SIZE_MAX / 2, SIZE_MAX};
    for (size_t i = 0; i < COUNT(old_sizes); i++) {
        size_t old_size = test_hide(old_sizes[i]);
        char *a = must_realloc(p, NULL, old_size, 100);
        char *b = must_realloc(p, NULL, old_size, 0);
        char *c = must_realloc(p, NULL, old_size, 100000);
        test_fill(a, 100, 1);
        test_fill(c, 100000, 2);
        assert_ptr_not_equal(a, b);
        assert_true(test_holds(a, 100, 1));
    }
    pond_destroy(p);
}

static void grows_in_place_at_the_tip(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "realloc", 4096);
    char *below = pond_alloc(p, test_hide(50));
    test_fill(below, 50, 9);
    char *a = pond_alloc(p, test_hide(1));
    assert_non_null(a);
    test_fill(a, 1, 1);
    for (size_t size = 1; size < 2000; size++) {
        assert_ptr_equal(must_realloc(p, a, size, size + 1), a);
        assert_true(test_holds(a, size / 8 * 8, 1));
        test_fill(a, size + 1, 1);
    }
    char *next = pond_alloc(p, test_hide(16));
    assert_ptr_equal(next, a + test_round16(2000));
    assert_true(test_holds(below, 50, 9));
    pond_destroy(p);
}

static void shrinks_in_place_at_the_tip(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "realloc", 8192);
    for (size_t size = 0; size < 1000; size += 7) {
        char *a = pond_alloc(p, test_hide(1000));
        assert_non_null(a);
        test_fill(a, 1000, size);
        assert_ptr_equal(must_realloc(p, a, 1000, size), a);
        assert_true(test_holds(a, size / 8 * 8, size));
        char *next = pond_alloc(p, test_hide(16));
        assert_ptr_equal(next, a + test_round16(size));
        pond_reset(p);
    }
    pond_destroy(p);
}

/* To the very end of the block in place, one byte further elsewhere. */
static void grows_to_the_last_byte(void **state)
{
    (void)state;
    test_needs_region();
    for (size_t first = 512; first <= 64 * KIB; first *= 2) {
        pond *p = test_pond_sized(NULL, "realloc", first);
        char *a = pond_alloc(p, test_hide(40));
        assert_non_null(a);
        size_t all = (size_t)(p->end - a);
        test_fill(a, 40, 1);
        assert_ptr_equal(must_realloc(p, a, 40, all), a);
        assert_ptr_equal(p->cur, p->end);
        test_fill(a, all, 1);
        char *b = must_realloc(p, a, all, all + 1);
        assert_ptr_not_equal(a, b);
        assert_true(test_holds(b, all / 8 * 8, 1));
        test_fill(b, all + 1, 2);
        char *c = pond_alloc(p, test_hide(32));
        test_fill(c, 32, 3);
        assert_true(test_holds(b, all + 1, 2));
        pond_destroy(p);
    }
}

static void one_in_the_middle_moves(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "realloc");
    for (size_t size = 1; size <= 4 * MIB; size = size * 3 + 5) {
        char *a = pond_alloc(p, test_hide(100));
        char *b = pond_alloc(p, test_hide(100));
        char *c = pond_alloc(p, test_hide(100));
        assert_true(a && b && c);
        test_fill(a, 100, 1);
        test_fill(b, 100, 2);
        test_fill(c, 100, 3);
        char *d = must_realloc(p, b, 100, size);
        size_t same = (size < 100 ? size : 100) / 8 * 8;
        assert_true(test_holds(d, same, 2));
        if (size > 112)
            assert_ptr_not_equal(b, d);
        test_fill(d, size, 4);
        assert_true(test_holds(a, 100, 1));
        assert_true(test_holds(c, 100, 3));
        assert_true(test_holds(d, size, 4));
    }
    pond_destroy(p);
}

static void to_nothing_and_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 16, 100, 5000, 20000, 100000, 3000000};
    pond *p = test_pond(NULL, "realloc");
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *a = pond_alloc(p, sizes[i]);
        assert_non_null(a);
        test_fill(a, sizes[i], i);
        char *b = must_realloc(p, a, sizes[i], test_hide(0));
        char *other = pond_alloc(p, test_hide(0));
        assert_ptr_not_equal(b, other);
        memset(pond_alloc(p, 16), 0xff, 16);
        char *c = must_realloc(p, b, test_hide(0), sizes[i]);
        test_fill(c, sizes[i], i);
        char *d = must_realloc(p, c, sizes[i], sizes[i]);
        assert_true(test_holds(d, sizes[i], i));
    }
    pond_destroy(p);
}

/* Doubled from a byte to 64 MiB: nothing lost, and the old places of large
 * ones are not kept. */
static void doubles_up_to_64_mib(void **state)
{
    (void)state;
    for (int beside = 0; beside < 2; beside++) {
        pond *p = test_pond(NULL, "realloc");
        size_t size = 8;
        char *a = pond_alloc(p, size);
        test_fill(a, size, 5);
        while (size < 64 * MIB) {
            a = must_realloc(p, a, size, size * 2);
            assert_true(test_holds(a, size, 5));
            size *= 2;
            test_fill(a, size, 5);
            if (beside)
                memset(pond_alloc(p, 100), 0, 100);
        }
        pond_usage u = pond_usage_get(p);
        assert_true(u.reserved_bytes >= size);
        if (test_region_engine() && u.reserved_bytes > size + 8 * MIB) {
            test_print_usage("after doubling", u);
            fail_msg("the old places of large objects are still held");
        }
        pond_destroy(p);
    }
}

/* Two large ones that grow in turn, in small steps. */
static void large_ones_grow_in_steps(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "realloc");
    size_t sizes[2] = {300 * KIB, 2 * MIB};
    char *at[2];
    for (size_t k = 0; k < 2; k++) {
        at[k] = pond_alloc(p, sizes[k]);
        assert_non_null(at[k]);
        test_fill(at[k], sizes[k], k);
    }
    for (size_t i = 0; i < test_scaled(150); i++) {
        size_t k = i % 2;
        at[k] = must_realloc(p, at[k], sizes[k], sizes[k] + 40960 + 8 * i);
        assert_true(test_holds(at[k], sizes[k], k));
        sizes[k] += 40960 + 8 * i;
        test_fill(at[k], sizes[k], k);
        assert_true(test_holds(at[1 - k], sizes[1 - k], 1 - k));
    }
    pond_usage u = pond_usage_get(p);
    if (test_region_engine())
        assert_true(u.reserved_bytes < sizes[0] + sizes[1] + 10 * MIB);
    assert_true(u.used_bytes >= sizes[0] + sizes[1]);
    pond_destroy(p);
}

static void large_ones_shrink_in_place(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "realloc");
    char *a = pond_alloc(p, 64 * MIB);
    assert_non_null(a);
    test_fill(a, 64 * MIB, 1);
    assert_ptr_equal(must_realloc(p, a, 64 * MIB, 32 * MIB), a);
    assert_true(test_holds(a, 32 * MIB, 1));
    pond_usage u = pond_usage_get(p);
    assert_true(u.used_bytes < 33 * MIB);
    a = must_realloc(p, a, 32 * MIB, 40 * MIB);
    assert_true(test_holds(a, 32 * MIB, 1));
    test_fill(a, 40 * MIB, 2);
    a = must_realloc(p, a, 40 * MIB, 1000);
    assert_true(test_holds(a, 1000, 2));
    a = must_realloc(p, a, 1000, 3 * MIB);
    assert_true(test_holds(a, 1000, 2));
    test_fill(a, 3 * MIB, 3);
    assert_true(test_holds(a, 3 * MIB, 3));
    pond_destroy(p);
}

static void over_aligned_ones_may_move(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "realloc");
    for (size_t alignment = 32; alignment <= MIB; alignment *= 2) {
        char *a = pond_alloc_aligned(p, 200, alignment);
        assert_non_null(a);
        test_fill(a, 200, alignment);
        char *b = must_realloc(p, a, 200, 400);
        assert_true(test_holds(b, 200, alignment));
        test_fill(b, 400, 7);
        char *c = pond_alloc_aligned(p, 2 * MIB, alignment);
        assert_non_null(c);
        test_fill(c, 2 * MIB, alignment);
        char *d = must_realloc(p, c, 2 * MIB, 3 * MIB);
        assert_true(test_holds(d, 2 * MIB, alignment));
        test_fill(d, 3 * MIB, 8);
        char *e = must_realloc(p, d, 3 * MIB, MIB);
        assert_true(test_holds(e, MIB, 8));
        assert_true(test_holds(b, 400, 7));
    }
    pond_destroy(p);
}

/* A refusal, whether for its size or a budget, changes nothing. */
static void a_refusal_leaves_the_old_one(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 4000, 10000, 200000, 3000000};
    static const size_t huge[] = {SIZE_MAX, SIZE_MAX - 15,
                                  (size_t)PTRDIFF_MAX + 1, (size_t)PTRDIFF_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int tip = 0; tip < 2; tip++) {
            pond *p = test_pond(NULL, "realloc");
            char *a = pond_alloc(p, sizes[i]);
            assert_non_null(a);
            test_fill(a, sizes[i], 1);
            if (!tip)
                memset(pond_alloc(p, 16), 0, 16);
            pond_usage before = pond_usage_get(p);
            for (size_t k = 0; k < COUNT(huge); k++)
                assert_null(pond_realloc(p, a, sizes[i], test_hide(huge[k])));
            assert_true(pond_failed(p));
            assert_true(test_same_usage(before, pond_usage_get(p)));
            pond_limit(p, 8 * MIB);
            before = pond_usage_get(p);
            assert_null(pond_realloc(p, a, sizes[i], 9 * MIB));
            assert_true(test_same_usage(before, pond_usage_get(p)));
            assert_true(test_holds(a, sizes[i], 1));
            pond_limit(p, 0);
            a = must_realloc(p, a, sizes[i], 9 * MIB);
            assert_true(test_holds(a, sizes[i] / 8 * 8, 1));
            pond_destroy(p);
        }
    }
}

struct object {
    char *at;
    size_t size;
    uint64_t seed;
};

/* Sizes of objects that often end exactly where their block ends: an object
 * there must not be taken for the last one of another block that begins at
 * the same address. */
static size_t choose_size(pond *p, test_random *r)
{
    size_t room = (size_t)(p->end - p->cur);
    switch (test_random_below(r, 8)) {
    case 0:
        if (room > 0 && room < 70000)
            return room;
        return 16;
    case 1:
        return test_random_size(r, 17);
    default:
        return test_random_size(r, 9) - 1;
    }
}

static void many_at_random(void **state)
{
    (void)state;
    enum { live = 300 };
    struct object all[live] = {{0}};
    test_random r = {3};
    pond *p = test_pond(NULL, "realloc");
    for (size_t i = 0; i < test_scaled(300000); i++) {
        struct object *o = &all[test_random_below(&r, live)];
        size_t size = choose_size(p, &r);
        char *at = pond_realloc(p, o->at, o->size, size);
        size_t same = (o->at ? (o->size < size ? o->size : size) : 0) / 8 * 8;
        if (!at || !test_holds(at, same, o->seed))
            fail_msg("step %zu: from %zu to %zu bytes", i, o->size, size);
        *o = (struct object){at, size, i};
        test_fill(at, size, i);
        struct object *other = &all[test_random_below(&r, live)];
        if (other->at && !test_holds(other->at, other->size, other->seed))
            fail_msg("step %zu: another one is spoilt", i);
        if (i % 4096 == 4095) {
            for (size_t k = 0; k < live; k++)
                assert_true(!all[k].at ||
                            test_holds(all[k].at, all[k].size, all[k].seed));
            pond_reset(p);
            memset(all, 0, sizeof all);
        }
    }
    pond_destroy(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(null_is_an_allocation),        TEST(grows_in_place_at_the_tip),
        TEST(shrinks_in_place_at_the_tip),  TEST(grows_to_the_last_byte),
        TEST(one_in_the_middle_moves),      TEST(to_nothing_and_back),
        TEST(doubles_up_to_64_mib),         TEST(large_ones_grow_in_steps),
        TEST(large_ones_shrink_in_place),   TEST(over_aligned_ones_may_move),
        TEST(a_refusal_leaves_the_old_one), TEST(many_at_random),
    };
    return cmocka_run_group_tests_name("realloc", tests, NULL, NULL);
}
