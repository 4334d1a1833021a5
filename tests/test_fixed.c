/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fixed.c - pools of objects of one size: alignment, reuse, what goes
 * back early, marks, budgets, ends and misuses. Random traffic is in
 * test_pools.c.
 */
#include "support.h"

#include <pond/fixed.h>

struct connection {
    int fd;
    char address[50];
};
POND_FIXED(connection_pool, struct connection);

struct wide {
    _Alignas(64) char line[64];
};
POND_FIXED(wide_pool, struct wide);

static pond_fixed *make(pond *p, size_t size)
{
    pond_fixed *f = pond_fixed_create(p, size);
    assert_non_null(f);
    return f;
}

static char *take(pond_fixed *f)
{
    char *object = pond_fixed_alloc(f);
    assert_non_null(object);
    return object;
}

static size_t unit_of(size_t size)
{
    return test_round16(size);
}

static size_t alignment_of(size_t size)
{
    size_t unit = unit_of(size), alignment = unit & -unit;
    return alignment < 64 ? alignment : 64;
}

static void objects_are_aligned_and_apart(void **state)
{
    (void)state;
    enum { N = 40 };
    static const size_t sizes[] = {
        0,    1,    15,    16,    17,    24,     32,      48,     64,
        65,   96,   100,   128,   192,   500,    512,     1000,   4096,
        8192, 8193, 20000, 65536, 70000, 300000, 1 << 20, 3 << 20};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        pond *p = test_pond(NULL, "fixed");
        pond_fixed *f = make(p, sizes[s]);
        char *object[N];
        size_t n = sizes[s] > 100000 ? 9 : N;
        for (size_t i = 0; i < n; i++) {
            object[i] = take(f);
            assert_true(test_aligned(object[i], alignment_of(sizes[s])));
            test_fill(object[i], sizes[s], i);
        }
        for (size_t i = 0; i < n; i++)
            assert_true(test_holds(object[i], sizes[s], i));
        for (size_t i = 0; i < n; i += 2)
            pond_fixed_free(f, object[i]);
        for (size_t i = 0; i < n; i += 2)
            test_fill(object[i] = take(f), sizes[s], i + 1000);
        for (size_t i = 0; i < n; i++)
            assert_true(test_holds(object[i], sizes[s], i % 2 ? i : i + 1000));
        pond_destroy(p);
    }
}

static void a_typed_face(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "typed");
    connection_pool *pool = connection_pool_create(p);
    wide_pool *wide = wide_pool_create(p);
    assert_non_null(pool);
    assert_non_null(wide);
    struct connection *a = connection_pool_alloc(pool);
    struct connection *b = connection_pool_alloc(pool);
    struct wide *w = wide_pool_alloc(wide);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(w);
    assert_ptr_not_equal(a, b);
    assert_true(test_aligned(w, 64));
    a->fd = 1;
    connection_pool_free(pool, b);
    connection_pool_free(pool, NULL);
    struct connection *again = connection_pool_alloc(pool);
    if (test_region_engine())
        assert_ptr_equal(again, b);
    wide_pool_free(wide, w);
    assert_int_equal(a->fd, 1);
    pond_destroy(p);
}

static void the_last_freed_comes_first(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "lifo");
    pond_fixed *f = make(p, 48);
    char *a = take(f), *b = take(f), *c = take(f);
    pond_fixed_free(f, a);
    pond_fixed_free(f, c);
    pond_fixed_free(f, b);
    assert_ptr_equal(take(f), b);
    assert_ptr_equal(take(f), c);
    assert_ptr_equal(take(f), a);
    pond_destroy(p);
}

static void used_bytes_are_exact(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "used");
    pond_fixed *f = make(p, 100);
    size_t before = pond_usage_get(p).used_bytes;
    char *object[1000];
    for (size_t i = 0; i < 1000; i++) {
        object[i] = take(f);
        assert_int_equal(pond_usage_get(p).used_bytes, before + 112 * (i + 1));
    }
    for (size_t i = 0; i < 1000; i++) {
        pond_fixed_free(f, object[i]);
        assert_int_equal(pond_usage_get(p).used_bytes,
                         before + 112 * (999 - i));
    }
    pond_usage u = pond_usage_get(p);
    assert_int_equal(u.wasted_bytes, 0);
    pond_destroy(p);
}

/* The first version in the post never gave a block back but in one place. */
static void a_million_leave_one_block(void **state)
{
    (void)state;
    size_t n = test_scaled(1000000);
    pond *p = test_pond(NULL, "million");
    pond_fixed *f = make(p, 24);
    char **object = malloc(n * sizeof *object);
    for (int order = 0; order < 3; order++) {
        pond_usage before = pond_usage_get(p);
        for (size_t i = 0; i < n; i++)
            object[i] = take(f);
        assert_true(pond_usage_get(p).reserved_bytes >= 32 * n);
        test_random r = {(uint64_t)order};
        for (size_t i = n - 1; order == 2 && i > 0; i--) {
            size_t k = test_random_below(&r, i + 1);
            char *swap = object[i];
            object[i] = object[k];
            object[k] = swap;
        }
        for (size_t i = 0; i < n; i++)
            pond_fixed_free(f, object[order == 1 ? n - 1 - i : i]);
        pond_usage after = pond_usage_get(p);
        assert_true(after.n_blocks <= before.n_blocks + (order == 0));
        assert_true(after.n_blocks <= 2);
        assert_int_equal(after.used_bytes, before.used_bytes);
    }
    free(object);
    pond_destroy(p);
}

/* What few objects that live on can hold back. */
static void blocks_go_back_early(void **state)
{
    (void)state;
    enum { N = 100000 };
    size_t n = test_scaled(N);
    pond *p = test_pond(NULL, "early");
    pond_fixed *f = make(p, 64);
    char **object = malloc(n * sizeof *object);
    for (size_t i = 0; i < n; i++)
        object[i] = take(f);
    size_t all = pond_usage_get(p).n_blocks;
    for (size_t i = 0; i < n; i++)
        if (i != n / 2)
            pond_fixed_free(f, object[i]);
    pond_usage u = pond_usage_get(p);
    assert_true(all < 40 || u.n_blocks <= 20);
    /* In random order, with one in a thousand staying. */
    test_random r = {8};
    for (size_t i = 0; i < n; i++)
        object[i] = i == n / 2 ? object[i] : take(f);
    for (size_t i = 0; i < n; i++) {
        size_t k = test_random_below(&r, n);
        char *swap = object[i];
        object[i] = object[k];
        object[k] = swap;
    }
    size_t stay = n / 1000;
    for (size_t i = stay; i < n; i++)
        pond_fixed_free(f, object[i]);
    u = pond_usage_get(p);
    if (u.n_blocks > 2 * stay + 20)
        fail_msg("%zu blocks for %zu objects", u.n_blocks, stay);
    for (size_t i = 0; i < stay; i++)
        pond_fixed_free(f, object[i]);
    assert_true(pond_usage_get(p).n_blocks <= 2);
    free(object);
    pond_destroy(p);
}

/* Alloc and free around any level must not take and give blocks each time. */
static void contents_survive_sweeps(void **state)
{
    (void)state;
    enum { N = 5000 };
    pond *p = test_pond(NULL, "sweeps");
    pond_fixed *f = make(p, 80);
    static char *object[N];
    static uint64_t seed[N];
    test_random r = {3};
    for (size_t i = 0; i < test_scaled(400000); i++) {
        /* Waves: mostly allocate, then mostly free. */
        size_t k = test_random_below(&r, N);
        bool up = i / 20000 % 2 == 0;
        if (object[k] && test_random_below(&r, 10) < (up ? 1u : 9u)) {
            assert_true(test_holds(object[k], 80, seed[k]));
            pond_fixed_free(f, object[k]);
            object[k] = NULL;
        } else if (!object[k] && test_random_below(&r, 10) < (up ? 9u : 1u)) {
            object[k] = take(f);
            test_fill(object[k], 80, seed[k] = i);
        }
    }
    for (size_t k = 0; k < N; k++)
        assert_true(!object[k] || test_holds(object[k], 80, seed[k]));
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

static void marks_spare_the_older_pool(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "marks");
    pond_fixed *old = make(p, 40);
    char *a = take(old);
    test_fill(a, 40, 1);
    pond_mark mark = pond_mark_take(p);
    for (int round = 0; round < 3; round++) {
        size_t before = pond_usage_get(p).n_blocks;
        pond_fixed *young = make(p, 4000);
        for (int i = 0; i < 100; i++)
            test_fill(take(young), 4000, 9);
        char *b[300];
        for (size_t i = 0; i < 300; i++)
            test_fill(b[i] = take(old), 40, 100 + i);
        assert_int_equal(pond_rewind(p, mark), 0);
        assert_true(test_holds(a, 40, 1));
        for (size_t i = 0; i < 300; i++) {
            assert_true(test_holds(b[i], 40, 100 + i));
            pond_fixed_free(old, b[i]);
        }
        /* All of the young one's blocks are gone. */
        assert_true(pond_usage_get(p).n_blocks <= before + 9);
        assert_non_null(pond_alloc(p, 100));
    }
    pond_destroy(p);
}

static void reset_ends_it(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "reset");
    for (int round = 0; round < 20; round++) {
        pond_fixed *f = make(p, 1000);
        for (int i = 0; i < 200; i++)
            test_fill(take(f), 1000, 5);
        assert_true(pond_usage_get(p).reserved_bytes >= 200000);
        pond_reset(p);
        assert_int_equal(pond_usage_get(p).n_blocks, 1);
        assert_int_equal(pond_usage_get(p).used_bytes, 0);
    }
    pond_destroy(p);
}

static void budgets_hold(void **state)
{
    (void)state;
    test_needs_region();
    static const size_t limits[] = {1500, 3000, 10000, 65536, 100000, 1 << 20};
    for (size_t i = 0; i < COUNT(limits); i++) {
        pond *p = test_pond_sized(NULL, "budget", 512);
        pond_limit(p, limits[i]);
        pond_fixed *f = make(p, 64);
        char *object[20000];
        size_t n = 0;
        while (n < COUNT(object) && (object[n] = pond_fixed_alloc(f)) != NULL) {
            test_fill(object[n], 64, n);
            n++;
            assert_true(pond_usage_get(p).charged_bytes <= limits[i]);
        }
        assert_true(n < COUNT(object));
        assert_true(pond_failed(p));
        /* Few bytes are left, and none of them could be an object. */
        if (limits[i] > 3000)
            assert_true(n * 64 >= limits[i] * 3 / 4);
        for (size_t k = 0; k < n; k++)
            assert_true(test_holds(object[k], 64, k));
        for (int round = 0; round < 3; round++) {
            for (size_t k = 0; k < n / 2; k++)
                pond_fixed_free(f, object[k]);
            for (size_t k = 0; k < n / 2; k++)
                object[k] = take(f);
        }
        for (size_t k = 0; k < n; k++)
            pond_fixed_free(f, object[k]);
        pond_destroy(p);
    }
}

/* A limit set later finds blocks that were taken without one. */
static void a_limit_comes_later(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "later");
    pond_fixed *f = make(p, 64);
    char *object[3000];
    for (size_t i = 0; i < COUNT(object); i++)
        object[i] = take(f);
    pond_limit(p, 400000);
    assert_true(pond_usage_get(p).charged_bytes >= 3000 * 64);
    while (pond_fixed_alloc(f))
        ;
    assert_true(pond_usage_get(p).charged_bytes <= 400000);
    pond_limit(p, 0);
    assert_non_null(pond_fixed_alloc(f));
    pond_limit(p, 1000); /* far below what it holds */
    for (size_t i = 0; i < COUNT(object); i++)
        pond_fixed_free(f, object[i]);
    for (size_t i = 0; i < COUNT(object); i++)
        assert_non_null(pond_fixed_alloc(f));
    pond_destroy(p);
}

static void soft(pond *p, void *arg)
{
    (void)p;
    ++*(int *)arg;
}

static void a_soft_limit_is_told(void **state)
{
    (void)state;
    test_needs_region();
    int told = 0;
    pond *p = test_pond(NULL, "soft");
    pond_limit_soft(p, 50000, soft, &told);
    pond_fixed *f = make(p, 500);
    for (int i = 0; i < 50; i++)
        take(f);
    assert_int_equal(told, 0);
    for (int i = 0; i < 200; i++)
        take(f);
    assert_int_equal(told, 1);
    pond_destroy(p);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, (size_t)1 << 63,
                                   PTRDIFF_MAX, (size_t)1 << 60};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond *p = test_pond(NULL, "impossible");
        pond_fixed *f = pond_fixed_create(p, test_hide(sizes[i]));
        if (f) /* it may be made, but no object can be had */
            assert_null(pond_fixed_alloc(f));
        assert_true(pond_failed(p));
        assert_non_null(pond_alloc(p, 10));
        pond_destroy(p);
    }
    pond *p = test_pond_sized(NULL, "full", 512);
    pond_limit(p, 512);
    while (pond_alloc(p, 16))
        ;
    pond_reset(p);
    while (pond_alloc(p, 16))
        ;
    assert_null(pond_fixed_create(p, 10));
    assert_true(pond_failed(p));
    pond_destroy(p);
}

/* The bytes of a freed region, which stay mapped; looked at as a debugger
 * would. */
__attribute__((no_sanitize("address"), noinline)) static bool
any_of(const volatile char *at, size_t size, char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += at[i] == byte;
    return n > 16;
}

static void secrets_are_cleared(void **state)
{
    (void)state;
    test_needs_region();
    if (test_under_valgrind())
        skip();
    pond_options o = {.size = sizeof o, .clear_on_end = true};
    pond *p = pond_create_with(NULL, "secret", &o);
    assert_non_null(p);
    pond_fixed *f = make(p, 1024);
    char *object[100];
    for (size_t i = 0; i < 100; i++)
        memset(object[i] = take(f), 0x5a, 1024);
    pond_reset(p);
    for (size_t i = 0; i < 100; i++)
        assert_false(any_of(object[i], 1024, 0x5a));
    pond_destroy(p);
}

/* ---------------------------------------------------------------- misuse */

static void free_twice(void *arg)
{
    (void)arg;
    pond *p = pond_create(NULL, "twice");
    pond_fixed *f = pond_fixed_create(p, 1000);
    char *object[500];
    for (size_t i = 0; i < 500; i++)
        object[i] = pond_fixed_alloc(f);
    for (size_t i = 0; i < 500; i++) {
        pond_fixed_free(f, object[i]);
        if (i == 250)
            pond_fixed_free(f, object[100]);
    }
}

static void free_elsewhere(void *arg)
{
    (void)arg;
    pond *p = pond_create(NULL, "elsewhere");
    pond_fixed *f = pond_fixed_create(p, 1000);
    pond_fixed *g = pond_fixed_create(p, 1000);
    char *object[500];
    for (size_t i = 0; i < 500; i++)
        object[i] = pond_fixed_alloc(i == 100 ? g : f);
    for (size_t i = 0; i < 500; i++)
        pond_fixed_free(f, object[i]);
}

static void use_after_the_end(void *arg)
{
    pond *p = pond_create(NULL, "ended");
    pond_fixed *f = pond_fixed_create(p, 1000);
    char *object = pond_fixed_alloc(f);
    pond_reset(p);
    if (arg)
        while (pond_fixed_alloc(f))
            ;
    for (int i = 0; i < 100; i++)
        pond_fixed_free(f, object);
}

static void misuses_are_told(void **state)
{
    (void)state;
    test_needs_region();
    EXPECT_MISUSE(free_twice, NULL, "twice");
    EXPECT_MISUSE(free_elsewhere, NULL, "elsewhere");
    EXPECT_MISUSE(use_after_the_end, (void *)state, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(objects_are_aligned_and_apart),
        TEST(a_typed_face),
        TEST(the_last_freed_comes_first),
        TEST(used_bytes_are_exact),
        TEST(a_million_leave_one_block),
        TEST(blocks_go_back_early),
        TEST(contents_survive_sweeps),
        TEST(marks_spare_the_older_pool),
        TEST(reset_ends_it),
        TEST(budgets_hold),
        TEST(a_limit_comes_later),
        TEST(a_soft_limit_is_told),
        TEST(impossible_sizes_are_refused),
        TEST(secrets_are_cleared),
        TEST(misuses_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
