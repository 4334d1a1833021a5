/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_alloc.c - sizes, alignments, contents and failures of the allocators,
 * but for pond_realloc (test_realloc.c) and text (test_text.c).
 */
#include "support.h"

static const size_t impossible[] = {
    SIZE_MAX,
    SIZE_MAX - 1,
    SIZE_MAX - 7,
    SIZE_MAX - 14,
    SIZE_MAX - 15,
    SIZE_MAX - 16,
    SIZE_MAX - 17,
    SIZE_MAX - 31,
    SIZE_MAX - 63,
    SIZE_MAX - 4095,
    SIZE_MAX - 65535,
    SIZE_MAX - 65536,
    SIZE_MAX - 2 * 1024 * 1024,
    SIZE_MAX - 4 * 1024 * 1024,
    (size_t)PTRDIFF_MAX + 2,
    (size_t)PTRDIFF_MAX + 1,
    (size_t)PTRDIFF_MAX,
    (size_t)PTRDIFF_MAX - 1,
    (size_t)PTRDIFF_MAX - 15,
    (size_t)PTRDIFF_MAX - 16,
    (size_t)PTRDIFF_MAX - 65536,
    (size_t)PTRDIFF_MAX - 2 * 1024 * 1024,
    SIZE_MAX / 4,
    (size_t)1 << 62,
    (size_t)1 << 48,
};

static int compare_addresses(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a;
    uintptr_t y = *(const uintptr_t *)b;
    return x < y ? -1 : x > y;
}

static void zero_sizes_are_distinct(void **state)
{
    (void)state;
    enum { each = 300, ways = 6 };
    pond *p = test_pond(NULL, "zero");
    uintptr_t *seen = malloc(each * ways * sizeof *seen);
    size_t n = 0;
    for (size_t i = 0; i < each; i++) {
        size_t zero = test_hide(0);
        void *got[ways] = {
            pond_alloc(p, zero),
            pond_alloc(p, 0),
            pond_calloc(p, zero, 8),
            pond_calloc(p, 8, zero),
            pond_alloc_aligned(p, zero, 1),
            pond_memdup(p, "x", zero),
        };
        for (size_t k = 0; k < ways; k++) {
            assert_non_null(got[k]);
            assert_true(test_aligned(got[k], 16));
            seen[n++] = (uintptr_t)got[k];
        }
    }
    qsort(seen, n, sizeof *seen, compare_addresses);
    for (size_t i = 1; i < n; i++)
        assert_true(seen[i - 1] < seen[i]);
    assert_false(pond_failed(p));
    free(seen);
    pond_destroy(p);
}

static void zero_sizes_keep_alignment(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "zero");
    for (size_t alignment = 1; alignment <= MIB; alignment *= 2) {
        void *a = pond_alloc_aligned(p, test_hide(0), alignment);
        void *b = pond_alloc_aligned(p, test_hide(0), alignment);
        assert_non_null(a);
        assert_non_null(b);
        assert_ptr_not_equal(a, b);
        assert_true(test_aligned(a, alignment));
        assert_true(test_aligned(b, alignment));
    }
    assert_non_null(pond_memdup(p, NULL, test_hide(0)));
    pond_destroy(p);
}

/* Every allocator refuses it, and nothing but pond_failed is changed. */
static void refuse(pond *p, size_t size)
{
    void *kept = pond_memdup(p, "contents", 9);
    assert_non_null(kept);
    pond_usage before = pond_usage_get(p);
    assert_null(pond_alloc(p, test_hide(size)));
    assert_true(pond_failed(p));
    assert_null(pond_calloc(p, test_hide(size), 1));
    assert_null(pond_calloc(p, 1, test_hide(size)));
    for (size_t alignment = 1; alignment <= MIB; alignment *= 4)
        assert_null(pond_alloc_aligned(p, test_hide(size), alignment));
    assert_null(pond_realloc(p, kept, 9, test_hide(size)));
    assert_null(pond_realloc(p, NULL, 0, test_hide(size)));
    assert_null(pond_memdup(p, "x", test_hide(size)));
    assert_true(test_same_usage(before, pond_usage_get(p)));
    assert_string_equal(kept, "contents");
    void *next = pond_alloc(p, test_hide(24));
    assert_non_null(next);
    memset(next, 1, 24);
    assert_string_equal(kept, "contents");
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(impossible); i++) {
        pond *p = test_pond(NULL, "impossible");
        assert_false(pond_failed(p));
        refuse(p, impossible[i]); /* in a fresh pond */
        test_fill(pond_alloc(p, 5000), 5000, i);
        refuse(p, impossible[i]); /* in one with blocks */
        assert_non_null(pond_alloc(p, test_hide(MIB)));
        refuse(p, impossible[i]); /* and with a large object */
        pond_destroy(p);
    }
}

static void products_that_overflow_are_refused(void **state)
{
    (void)state;
    static const size_t pairs[][2] = {
        {SIZE_MAX, 2},
        {2, SIZE_MAX},
        {SIZE_MAX / 2 + 1, 2},
        {SIZE_MAX / 16 + 1, 16},
        {(size_t)1 << 32, (size_t)1 << 32},
        {((size_t)1 << 32) + 1, (size_t)1 << 32},
        {SIZE_MAX, SIZE_MAX},
        {SIZE_MAX / 3, 5},
    };
    struct sixteen {
        char bytes[16];
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        pond *p = test_pond(NULL, "overflow");
        assert_null(
            pond_calloc(p, test_hide(pairs[i][0]), test_hide(pairs[i][1])));
        assert_true(pond_failed(p));
        pond_reset(p);
        assert_false(pond_failed(p));
        assert_null(pond_new_array(p, struct sixteen,
                                   test_hide(SIZE_MAX / 16 + 1 + i)));
        assert_true(pond_failed(p));
        assert_non_null(pond_calloc(p, 3, 5));
        pond_destroy(p);
    }
}

static void every_alignment(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,    1,    15,    16,    17,   48,
                                   100,  511,  512,   4095,  4096, 8191,
                                   8192, 8193, 65520, 65536, MIB,  3 * MIB};
    enum { steps = 21 };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond *p = test_pond(NULL, "aligned");
        char *got[steps];
        for (size_t k = 0; k < steps; k++) {
            /* an odd neighbour first, so that luck does not align it */
            assert_non_null(pond_alloc(p, test_hide(1 + 16 * (k % 3))));
            size_t alignment = (size_t)1 << k;
            got[k] = pond_alloc_aligned(p, sizes[i], alignment);
            assert_non_null(got[k]);
            assert_true(test_aligned(got[k], alignment));
            test_fill(got[k], sizes[i], k);
            char *next = pond_alloc(p, test_hide(40));
            assert_non_null(next);
            assert_true(test_aligned(next, 16));
            memset(next, 0xee, 40);
        }
        for (size_t k = 0; k < steps; k++)
            assert_true(test_holds(got[k], sizes[i], k));
        pond_destroy(p);
    }
}

static void bad_alignments_are_refused(void **state)
{
    (void)state;
    static const size_t bad[] = {0,
                                 3,
                                 5,
                                 6,
                                 7,
                                 12,
                                 24,
                                 48,
                                 100,
                                 4095,
                                 MIB + 1,
                                 MIB + 16,
                                 2 * MIB,
                                 4 * MIB,
                                 (size_t)1 << 31,
                                 (size_t)1 << 32,
                                 (size_t)1 << 63,
                                 SIZE_MAX,
                                 SIZE_MAX - 15};
    pond *p = test_pond(NULL, "aligned");
    for (size_t i = 0; i < COUNT(bad); i++) {
        pond_usage before = pond_usage_get(p);
        for (size_t size = 0; size <= 4 * MIB; size = size * 8 + 1)
            assert_null(pond_alloc_aligned(p, size, test_hide(bad[i])));
        assert_true(test_same_usage(before, pond_usage_get(p)));
    }
    assert_non_null(pond_alloc_aligned(p, 10, MIB));
    pond_destroy(p);
}

static void always_sixteen_aligned(void **state)
{
    (void)state;
    test_random r = {1};
    pond *p = test_pond(NULL, "sixteen");
    for (size_t i = 0; i < test_scaled(20000); i++) {
        size_t size = test_random_size(&r, 12);
        void *got[] = {pond_alloc(p, size),
                       pond_calloc(p, 1, size),
                       pond_alloc_aligned(p, size, 1),
                       pond_alloc_aligned(p, size, 8),
                       pond_realloc(p, NULL, 0, size),
                       pond_strndup(p, "abcdefgh", i % 9),
                       pond_printf(p, "%zu", i)};
        for (size_t k = 0; k < COUNT(got); k++) {
            assert_non_null(got[k]);
            assert_true(test_aligned(got[k], 16));
        }
        if (i % 512 == 511)
            pond_reset(p);
    }
    pond_destroy(p);
}

/* Three of a size in a row, between small ones; all keep their contents. */
static void hold_three(pond *p, size_t size)
{
    char *big[3];
    char *small[3];
    for (size_t i = 0; i < 3; i++) {
        small[i] = pond_alloc(p, test_hide(33));
        big[i] = pond_alloc(p, test_hide(size));
        assert_non_null(small[i]);
        assert_non_null(big[i]);
        assert_true(test_aligned(big[i], 16));
        test_fill(small[i], 33, i + 100);
        test_fill(big[i], size, i);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(test_holds(big[i], size, i));
        assert_true(test_holds(small[i], 33, i + 100));
    }
    pond_usage u = pond_usage_get(p);
    assert_true(u.used_bytes >= 3 * size);
    assert_true(u.reserved_bytes >= u.used_bytes);
}

static void objects_around_every_block_size(void **state)
{
    (void)state;
    static const size_t edges[] = {
        512,      KIB,       2 * KIB,   4 * KIB,   8 * KIB, 16 * KIB, 32 * KIB,
        64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, MIB,     2 * MIB,  5 * MIB};
    for (size_t i = 0; i < COUNT(edges); i++) {
        for (size_t below = 0; below <= 144; below += 16) {
            pond *p = test_pond(NULL, "edges");
            hold_three(p, edges[i] - below);
            pond_reset(p);
            hold_three(p, edges[i] + below + 1);
            pond_destroy(p);
        }
    }
    pond *p = test_pond(NULL, "edges");
    hold_three(p, 64 * MIB);
    pond_reset(p);
    assert_non_null(pond_alloc(p, 64));
    pond_destroy(p);
}

/* What the inlined half does with a constant must agree with the rest. */
static void constant_sizes(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "constant");
    for (size_t i = 0; i < test_scaled(3000); i++) {
        struct {
            char *at;
            size_t size;
        } all[] = {
#define PLACE(n) {pond_alloc(p, n), n}
            PLACE(1),     PLACE(15),    PLACE(16),    PLACE(17),
            PLACE(64),    PLACE(100),   PLACE(1000),  PLACE(4096),
            PLACE(8192),  PLACE(8193),  PLACE(32767), PLACE(32768),
            PLACE(32769), PLACE(65536), PLACE(70000),
#undef PLACE
        };
        for (size_t k = 0; k < COUNT(all); k++) {
            assert_non_null(all[k].at);
            assert_true(test_aligned(all[k].at, 16));
            test_fill(all[k].at, all[k].size, i + k);
        }
        for (size_t k = 0; k < COUNT(all); k++)
            assert_true(test_holds(all[k].at, all[k].size, i + k));
        if (i % 16 == 15)
            pond_reset(p);
    }
    pond_destroy(p);
}

/* Fill the current block to its last byte, or miss by one, each way. */
static void to_the_last_byte(void **state)
{
    (void)state;
    test_needs_region();
    for (size_t first = 512; first <= 64 * KIB; first *= 2) {
        for (size_t over = 0; over <= 40; over++) {
            pond *p = test_pond_sized(NULL, "exact", first);
            for (int round = 0; round < 3; round++) {
                char *a = pond_alloc(p, test_hide(48));
                assert_non_null(a);
                test_fill(a, 48, 1);
                size_t room = (size_t)(p->end - p->cur);
                if (room + over < 20)
                    continue;
                size_t size = room + over - 20;
                char *b = pond_alloc(p, size);
                assert_non_null(b);
                assert_true(p->cur <= p->end);
                assert_true(test_aligned(p->cur, 16));
                assert_true(test_aligned(p->end, 16));
                test_fill(b, size, 2);
                char *c = pond_alloc(p, test_hide(1));
                assert_non_null(c);
                *c = 3;
                assert_true(test_holds(a, 48, 1));
                assert_true(test_holds(b, size, 2));
            }
            pond_destroy(p);
        }
    }
}

static void a_million_objects(void **state)
{
    (void)state;
    size_t n = test_scaled(1000000);
    char **objects = malloc(n * sizeof *objects);
    uint32_t *sizes = malloc(n * sizeof *sizes);
    assert_non_null(objects);
    assert_non_null(sizes);
    test_random r = {2};
    pond *p = test_pond(NULL, "million");
    for (size_t i = 0; i < n; i++) {
        size_t size = test_random_size(&r, i % 1000 == 0 ? 17 : 8) - 1;
        objects[i] = pond_alloc(p, size);
        if (!objects[i] || !test_aligned(objects[i], 16))
            fail_msg("object %zu of %zu bytes: %p", i, size,
                     (void *)objects[i]);
        sizes[i] = (uint32_t)size;
        test_fill(objects[i], size, i);
    }
    for (size_t i = 0; i < n; i++)
        if (!test_holds(objects[i], sizes[i], i))
            fail_msg("object %zu of %u bytes is spoilt", i, sizes[i]);
    pond_destroy(p);
    free(objects);
    free(sizes);
}

/* Dirty a good deal of memory in p. */
static void dirty(pond *p)
{
    static const size_t sizes[] = {24,   500,   3000,   8000,
                                   9000, 60000, 300000, 3 * 1024 * 1024};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (size_t k = 0; k < 4; k++) {
            void *at = pond_alloc(p, sizes[i]);
            assert_non_null(at);
            memset(at, 0xa5, sizes[i]);
        }
    }
}

static void expect_zeros(pond *p)
{
    static const size_t sizes[] = {1,    24,    500,    3000,           8000,
                                   9000, 60000, 300000, 3 * 1024 * 1024};
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            char *at = pond_calloc(p, sizes[i], 1);
            assert_non_null(at);
            if (!test_is_zero(at, sizes[i]))
                fail_msg("calloc of %zu bytes is not zero", sizes[i]);
            memset(at, 0x5a, sizes[i]);
        }
    }
}

static void calloc_is_zero_after_dirty_use(void **state)
{
    (void)state;
    for (size_t round = 0; round < 12; round++) {
        pond *p = test_pond(NULL, "dirty");
        dirty(p);
        if (round % 3 == 0) {
            pond_reset(p);
        } else if (round % 3 == 1) {
            pond_destroy(p);
            p = test_pond(NULL, "clean");
        } else {
            pond_reset(p);
            pond_mark m = pond_mark_take(p);
            dirty(p);
            assert_int_equal(pond_rewind(p, m), 0);
        }
        if (round % 4 == 3)
            pond_trim(UINT32_MAX);
        expect_zeros(p);
        pond_destroy(p);
    }
}

/* calloc where an object of the same pond has just given room back. */
static void calloc_is_zero_after_shrinking(void **state)
{
    (void)state;
    static const size_t sizes[] = {64,    500,    4000,           8192,
                                   20000, 300000, 5 * 1024 * 1024};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond *p = test_pond(NULL, "shrunk");
        for (size_t keep = 0; keep < sizes[i]; keep = keep * 3 + 1) {
            char *a = pond_alloc(p, sizes[i]);
            assert_non_null(a);
            memset(a, 0xa5, sizes[i]);
            a = pond_realloc(p, a, sizes[i], keep);
            assert_non_null(a);
            for (size_t k = 0; k < 3; k++) {
                char *zero = pond_calloc(p, 1, sizes[i] / 2);
                assert_non_null(zero);
                assert_true(test_is_zero(zero, sizes[i] / 2));
                memset(zero, 0xa5, sizes[i] / 2);
            }
        }
        pond_destroy(p);
    }
}

struct cache_line {
    _Alignas(64) char bytes[100];
};
struct page {
    _Alignas(4096) char bytes[5000];
};

static void typed_allocation(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "typed");
    for (int i = 0; i < 50; i++) {
        char *c = pond_new(p, char);
        long double *d = pond_new(p, long double);
        struct cache_line *l = pond_new(p, struct cache_line);
        struct page *g = pond_new(p, struct page);
        struct cache_line *many = pond_new_array(p, struct cache_line, 7);
        struct page *none = pond_new_array(p, struct page, test_hide(0));
        uint64_t *words = pond_new_array(p, uint64_t, test_hide(1000));
        assert_true(c && d && l && g && many && none && words);
        assert_true(test_aligned(d, _Alignof(long double)));
        assert_true(test_aligned(l, 64) && test_aligned(many, 64));
        assert_true(test_aligned(g, 4096) && test_aligned(none, 4096));
        *c = 'c';
        *d = 1.0L;
        memset(l, 1, sizeof *l);
        memset(g, 2, sizeof *g);
        memset(many, 3, 7 * sizeof *many);
        memset(words, 4, 1000 * sizeof *words);
        assert_int_equal(*c, 'c');
        assert_int_equal(((char *)l)[sizeof *l - 1], 1);
        assert_int_equal(((char *)g)[sizeof *g - 1], 2);
    }
    assert_false(pond_failed(p));
    assert_null(pond_new_array(p, struct page, test_hide(SIZE_MAX / 8192)));
    assert_null(pond_new_array(p, struct page, test_hide(SIZE_MAX / 8192 * 2)));
    assert_null(pond_new_array(p, struct page, test_hide(SIZE_MAX)));
    assert_true(pond_failed(p));
    pond_destroy(p);
}

static void out_of_line_twin(void **state)
{
    (void)state;
    void *(*volatile twin)(pond *, size_t) = pond_alloc;
    pond *p = test_pond(NULL, "twin");
    char *a = twin(p, 0);
    char *b = twin(p, 100);
    char *c = twin(p, 100000);
    assert_true(a && b && c && a != b);
    test_fill(b, 100, 1);
    test_fill(c, 100000, 2);
    assert_true(test_holds(b, 100, 1));
    assert_null(twin(p, SIZE_MAX));
    assert_string_equal(pond_version(), POND_VERSION);
    pond_destroy(p);
}

/* What stays between two uses of a large object is given back or reused. */
static void large_objects_do_not_pile_up(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "large");
    size_t most = 0;
    for (size_t i = 0; i < test_scaled(400); i++) {
        char *at = pond_alloc(p, test_hide(3 * MIB + i * 4096));
        assert_non_null(at);
        at[0] = at[3 * MIB] = 1;
        pond_reset(p);
        size_t mapped = pond_process_usage_get().mapped_bytes;
        if (i == 8)
            most = mapped;
        if (i > 8 && mapped > most + 32 * MIB)
            fail_msg("mapped %zu after %zu rounds, was %zu", mapped, i, most);
    }
    pond_destroy(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(zero_sizes_are_distinct),
        TEST(zero_sizes_keep_alignment),
        TEST(impossible_sizes_are_refused),
        TEST(products_that_overflow_are_refused),
        TEST(every_alignment),
        TEST(bad_alignments_are_refused),
        TEST(always_sixteen_aligned),
        TEST(objects_around_every_block_size),
        TEST(constant_sizes),
        TEST(to_the_last_byte),
        TEST(a_million_objects),
        TEST(calloc_is_zero_after_dirty_use),
        TEST(calloc_is_zero_after_shrinking),
        TEST(typed_allocation),
        TEST(out_of_line_twin),
        TEST(large_objects_do_not_pile_up),
    };
    return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
