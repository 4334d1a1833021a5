/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_heap.c - a heap's sizes, alignment, reuse, realloc and large objects,
 * marks, budgets, ends and misuses. How it gives memory back is in
 * test_heap_memory.c, random traffic in test_pools.c.
 */
#include "support.h"

#include "block.h"
#include "heap.h"

#include <pond/heap.h>

enum { CELL_MAX_ = 8192, SLICE_FROM = 3000 /* objects of 64 B in slices */ };

static pond_heap *make(pond *p)
{
    pond_heap *h = pond_heap_create(p);
    assert_non_null(h);
    return h;
}

static char *take(pond_heap *h, size_t size)
{
    char *object = pond_heap_alloc(h, test_hide(size));
    assert_non_null(object);
    assert_true(test_aligned(object, 16));
    return object;
}

/* A heap in which all classes up to 8 KiB come from slices. */
static pond_heap *make_grown(pond *p)
{
    pond_heap *h = make(p);
    for (size_t size = 16; size <= CELL_MAX_; size += size < 256 ? 16 : 64) {
        enum { N = 5000 };
        size_t n = 80000 / size + 8;
        char *object[N + 8];
        for (size_t i = 0; i < n; i++)
            object[i] = take(h, size);
        for (size_t i = 0; i < n; i++)
            pond_heap_free(h, object[i]);
    }
    return h;
}

static pond_heap *make_either(pond *p, int grown)
{
    return grown ? make_grown(p) : make(p);
}

static void every_size(void **state)
{
    (void)state;
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "sizes");
        pond_heap *h = make_either(p, grown);
        size_t step = test_scaled(100) < 100 ? 7 : 1, n = 0;
        static char *object[20000];
        for (size_t size = 0; size <= 9000; size += step) {
            char *at = take(h, size);
            size_t usable = pond_heap_usable_size(h, at);
            assert_true(usable >= size);
            if (size >= 16 && size <= CELL_MAX_)
                assert_true(usable <= size + size / 4 + 16);
            test_fill(at, usable, size);
            object[n++] = at;
        }
        for (size_t i = 0; i < n; i++) {
            size_t usable = pond_heap_usable_size(h, object[i]);
            assert_true(test_holds(object[i], usable, i * step));
        }
        for (size_t i = 0; i < n; i++) {
            if (i % 2)
                pond_heap_free(h, object[i]);
            else
                pond_heap_free_sized(h, object[i], i * step);
        }
        pond_destroy(p);
    }
}

/* The mean over all sizes, each as likely, of what rounding adds. */
static void little_is_wasted(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "waste");
    pond_heap *h = make_grown(p);
    size_t asked = 0, got = 0;
    for (size_t size = 1; size <= CELL_MAX_; size++) {
        char *at = take(h, size);
        asked += size;
        got += pond_heap_usable_size(h, at);
        pond_heap_free(h, at);
    }
    assert_true((got - asked) * 100 < asked * 10);
    pond_destroy(p);
}

/* What the compiler folds for constant sizes is what the table says. */
static void constant_sizes_have_the_same_class(void **state)
{
    (void)state;
    for (size_t size = 1; size <= SMALL_MAX; size++)
        assert_int_equal(POND_HEAP_CLASS_(size), heap_class(size));
}

static void the_last_freed_comes_first(void **state)
{
    (void)state;
    test_needs_region();
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "lifo");
        pond_heap *h = make_either(p, grown);
        for (size_t size = 1; size <= CELL_MAX_; size = size * 5 / 4 + 1) {
            char *a = take(h, size), *b = take(h, size);
            while (grown && (*block_tag(a) == 0 || *block_tag(b) == 0)) {
                a = b; /* cells of chunks are the last to be used again */
                b = take(h, size);
            }
            pond_heap_free(h, a);
            pond_heap_free(h, b);
            assert_ptr_equal(take(h, size), b);
            assert_ptr_equal(take(h, size), a);
        }
        pond_destroy(p);
    }
}

/* Alloc and free for ever takes no more than the first time. */
static void nothing_grows(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "steady");
    pond_heap *h = make(p);
    size_t settled = 0;
    for (size_t round = 0; round < 50; round++) {
        char *object[400];
        for (size_t i = 0; i < 400; i++)
            object[i] = take(h, i * 37 % 3000 + 1);
        for (size_t i = 0; i < 400; i++)
            pond_heap_free(h, object[i * 7 % 400]);
        size_t reserved = pond_usage_get(p).reserved_bytes;
        if (round == 5)
            settled = reserved;
        if (round > 5)
            assert_true(reserved <= settled);
    }
    pond_destroy(p);
}

static void zeroed(void **state)
{
    (void)state;
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "zeroed");
        pond_heap *h = make_either(p, grown);
        for (size_t size = 0; size < 300000; size = size * 3 / 2 + 1) {
            for (int round = 0; round < 4; round++) {
                char *a = pond_heap_calloc(h, size, 1);
                char *b = pond_heap_calloc(h, 3, size / 3);
                assert_non_null(a);
                assert_non_null(b);
                assert_true(test_is_zero(a, size));
                assert_true(test_is_zero(b, size / 3 * 3));
                memset(a, 7, size);
                memset(b, 7, size / 3 * 3);
                pond_heap_free(h, a);
                pond_heap_free(h, b);
            }
        }
        char *large = pond_heap_calloc(h, 1, 5 * MIB);
        assert_non_null(large);
        assert_true(test_is_zero(large, 5 * MIB));
        pond_destroy(p);
    }
}

static void refuse(pond_heap *h, pond *p, size_t size)
{
    char *kept = take(h, 100);
    test_fill(kept, 100, 1);
    assert_null(pond_heap_alloc(h, test_hide(size)));
    assert_true(pond_failed(p));
    assert_null(pond_heap_calloc(h, test_hide(size), 1));
    assert_null(pond_heap_calloc(h, 1, test_hide(size)));
    assert_null(pond_heap_calloc(h, test_hide(size / 2), 3));
    assert_null(pond_heap_alloc_aligned(h, test_hide(size), 64));
    assert_null(pond_heap_realloc(h, kept, test_hide(size)));
    assert_null(pond_heap_realloc(h, NULL, test_hide(size)));
    assert_true(test_holds(kept, 100, 1));
    char *large = take(h, 100000);
    assert_null(pond_heap_realloc(h, large, test_hide(size)));
    pond_heap_free(h, large);
    pond_heap_free(h, kept);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = {
        SIZE_MAX,    SIZE_MAX - 15,   SIZE_MAX - 16,  SIZE_MAX - 24,
        PTRDIFF_MAX, (size_t)1 << 62, (size_t)1 << 48};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        pond *p = test_pond(NULL, "impossible");
        refuse(make(p), p, sizes[i]);
        pond_destroy(p);
    }
    pond *p = test_pond(NULL, "impossible");
    pond_heap *h = make(p);
    assert_null(pond_heap_calloc(h, test_hide(SIZE_MAX / 2), 3));
    assert_true(pond_failed(p));
    static const size_t crooked[] = {0, 3, 24, 48, 2 * MIB, SIZE_MAX};
    for (size_t i = 0; i < COUNT(crooked); i++)
        assert_null(pond_heap_alloc_aligned(h, 100, crooked[i]));
    pond_heap_free(h, NULL);
    pond_heap_free_sized(h, NULL, 10);
    assert_int_equal(pond_heap_usable_size(h, NULL), 0);
    pond_destroy(p);
}

static void aligned_objects(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,    1,    16,    40,     64,
                                   100,  250,  1000,  3000,   5000,
                                   8192, 8193, 20000, 100000, 1500000};
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "aligned");
        pond_heap *h = make_either(p, grown);
        for (size_t alignment = 1; alignment <= MIB; alignment *= 2) {
            char *object[COUNT(sizes)][3];
            for (size_t i = 0; i < COUNT(sizes); i++)
                for (size_t k = 0; k < 3; k++) {
                    char *at = pond_heap_alloc_aligned(h, sizes[i], alignment);
                    assert_non_null(at);
                    assert_true(test_aligned(at, alignment));
                    assert_true(pond_heap_usable_size(h, at) >= sizes[i]);
                    test_fill(at, sizes[i], i * 3 + k);
                    object[i][k] = at;
                }
            for (size_t i = 0; i < COUNT(sizes); i++) {
                for (size_t k = 0; k < 3; k++)
                    assert_true(test_holds(object[i][k], sizes[i], i * 3 + k));
                char *moved =
                    pond_heap_realloc(h, object[i][0], sizes[i] * 2 + 100);
                assert_non_null(moved);
                assert_true(test_holds(moved, sizes[i], i * 3));
                pond_heap_free(h, moved);
                pond_heap_free(h, object[i][1]);
                pond_heap_free_sized(h, object[i][2], sizes[i]);
            }
        }
        pond_destroy(p);
    }
}

/* Aligned and plain objects of one class use each other's cells. */
static void aligned_objects_do_not_grow(void **state)
{
    (void)state;
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "aligned");
        pond_heap *h = make_either(p, grown);
        size_t settled = 0;
        for (size_t i = 0; i < 30000; i++) {
            char *a = pond_heap_alloc_aligned(h, 200, 256);
            char *b = take(h, 250);
            assert_true(a && test_aligned(a, 256));
            pond_heap_free(h, i % 2 ? a : b);
            pond_heap_free(h, i % 2 ? b : a);
            if (i == 5000)
                settled = pond_usage_get(p).reserved_bytes;
        }
        assert_true(pond_usage_get(p).reserved_bytes <= settled + 65536);
        pond_destroy(p);
    }
}

static void realloc_keeps_contents(void **state)
{
    (void)state;
    for (int grown = 0; grown < 2; grown++) {
        pond *p = test_pond(NULL, "realloc");
        pond_heap *h = make_either(p, grown);
        test_random r = {11};
        char *at = NULL;
        size_t size = 0;
        for (size_t i = 0; i < test_scaled(3000); i++) {
            size_t next = test_random_size(&r, i % 50 ? 14 : 22);
            char *moved = pond_heap_realloc(h, at, next);
            assert_non_null(moved);
            assert_true(test_holds(moved, size < next ? size : next, i));
            assert_true(pond_heap_usable_size(h, moved) >= next);
            at = moved;
            size = next;
            test_fill(at, size, i + 1);
        }
        at = pond_heap_realloc(h, at, 0);
        assert_non_null(at);
        pond_heap_free(h, at);
        pond_destroy(p);
    }
}

static void realloc_in_place(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "in place");
    pond_heap *h = make(p);
    char *at = take(h, 1025);
    assert_ptr_equal(pond_heap_realloc(h, at, 1280), at); /* its class */
    assert_ptr_equal(pond_heap_realloc(h, at, 700), at);
    assert_ptr_not_equal(pond_heap_realloc(h, at, 100), at);
    char *large = take(h, 100000);
    assert_ptr_equal(pond_heap_realloc(h, large, 130000), large);
    large = pond_heap_realloc(h, large, 500000); /* if there is room */
    assert_non_null(large);
    memset(large, 1, 500000);
    size_t reserved = pond_usage_get(p).reserved_bytes;
    assert_ptr_equal(pond_heap_realloc(h, large, 100000), large);
    assert_true(pond_usage_get(p).reserved_bytes + 300000 < reserved);
    char *moved = pond_heap_realloc(h, large, 5000); /* a cell will do */
    assert_ptr_not_equal(moved, large);
    assert_true(moved[0] == 1 && moved[4999] == 1);
    /* A block of less than a slice is not cut. */
    large = take(h, 30000);
    assert_ptr_equal(pond_heap_realloc(h, large, 20000), large);
    assert_ptr_not_equal(pond_heap_realloc(h, large, 9000), large);
    pond_destroy(p);
}

static void large_objects_come_and_go(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "large");
    pond_heap *h = make(p);
    pond_usage empty = pond_usage_get(p);
    for (size_t size = 8193; size < 8 * MIB; size = size * 3 / 2) {
        char *a = take(h, size), *b = take(h, size), *c = take(h, size);
        test_fill(a, size, 1);
        test_fill(b, size, 2);
        test_fill(c, size, 3);
        assert_true(pond_usage_get(p).used_bytes >=
                    empty.used_bytes + 3 * size);
        assert_int_equal(pond_usage_get(p).n_blocks, empty.n_blocks + 3);
        pond_heap_free(h, b);
        assert_true(test_holds(a, size, 1));
        assert_true(test_holds(c, size, 3));
        pond_heap_free(h, c);
        pond_heap_free(h, a);
        assert_int_equal(pond_usage_get(p).n_blocks, empty.n_blocks);
        assert_int_equal(pond_usage_get(p).used_bytes, empty.used_bytes);
        assert_int_equal(pond_usage_get(p).reserved_bytes,
                         empty.reserved_bytes);
    }
    pond_destroy(p);
}

/* ------------------------------------------------------------ marks, ends */

static void marks_spare_the_older_heap(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "marks");
    pond_heap *old = make(p);
    char *a = take(old, 300);
    test_fill(a, 300, 1);
    pond_mark mark = pond_mark_take(p);
    for (size_t round = 0; round < 4; round++) {
        pond_heap *young = make(p);
        for (size_t i = 0; i < 2000; i++)
            test_fill(take(young, i), i, 9);
        char *b[SLICE_FROM];
        for (size_t i = 0; i < SLICE_FROM; i++) {
            test_fill(b[i] = take(old, 64), 64, 100 + i);
            memset(pond_alloc(p, 32), 7, 32);
        }
        char *large = take(old, 100000);
        test_fill(large, 100000, 4);
        assert_int_equal(pond_rewind(p, mark), 0);
        for (int i = 0; i < 100; i++)
            memset(pond_alloc(p, 100), 8, 100);
        assert_true(test_holds(a, 300, 1));
        assert_true(test_holds(large, 100000, 4));
        for (size_t i = 0; i < SLICE_FROM; i++) {
            assert_true(test_holds(b[i], 64, 100 + i));
            pond_heap_free(old, b[i]);
        }
        pond_heap_free(old, large);
    }
    assert_true(pond_usage_get(p).reserved_bytes < 600000);
    pond_destroy(p);
}

/* A heap whose first objects were cut before the mark. */
static void a_chunk_under_a_mark(void **state)
{
    (void)state;
    for (size_t n = 0; n < 60; n++) {
        pond *p = test_pond(NULL, "chunk");
        pond_heap *h = make(p);
        char *object[200];
        for (size_t i = 0; i < n; i++)
            test_fill(object[i] = take(h, 24), 24, i);
        pond_mark mark = pond_mark_take(p);
        for (size_t i = n; i < 200; i++)
            test_fill(object[i] = take(h, 24), 24, i);
        assert_int_equal(pond_rewind(p, mark), 0);
        for (int i = 0; i < 300; i++)
            memset(pond_alloc(p, 16), 8, 16);
        for (size_t i = 0; i < 200; i++)
            assert_true(test_holds(object[i], 24, i));
        pond_destroy(p);
    }
}

static void reset_ends_it(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "reset");
    for (int round = 0; round < 10; round++) {
        pond_heap *h = make(p);
        for (size_t i = 0; i < 5000; i++)
            test_fill(take(h, i % 700), i % 700, i);
        test_fill(take(h, 50000), 50000, 1);
        pond_reset(p);
        assert_int_equal(pond_usage_get(p).n_blocks, 1);
        assert_int_equal(pond_usage_get(p).used_bytes, 0);
    }
    pond_destroy(p);
}

static void a_cleanup_uses_it(void *arg)
{
    pond_heap *h = *(pond_heap **)arg;
    for (size_t i = 0; i < 3000; i++) {
        char *at = pond_heap_alloc(h, 100);
        assert_non_null(at);
        if (i % 2)
            pond_heap_free(h, at);
    }
}

static void usable_in_cleanups(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "cleanup");
    static pond_heap *h;
    test_defer(p, a_cleanup_uses_it, &h);
    h = make(p);
    take(h, 10);
    pond_destroy(p);
}

/* ---------------------------------------------------------------- budgets */

static void budgets_hold(void **state)
{
    (void)state;
    test_needs_region();
    static const size_t limits[] = {2500, 5000, 20000, 70000, 200000, 1 << 20};
    for (size_t i = 0; i < COUNT(limits); i++)
        for (size_t size = 16; size <= 20000; size *= 5) {
            pond *p = test_pond_sized(NULL, "budget", 512);
            pond_limit(p, limits[i]);
            pond_heap *h = make(p);
            static char *object[70000];
            size_t n = 0;
            char *at;
            while ((at = pond_heap_alloc(h, size)) != NULL) {
                object[n++] = at;
                test_fill(at, size, n);
                assert_true(pond_usage_get(p).charged_bytes <= limits[i]);
            }
            assert_true(pond_failed(p));
            if (limits[i] > 20000 && size < limits[i] / 8 && size < 8192)
                assert_true(n * size >= limits[i] / 3);
            /* Nothing grows at the limit, however often it is come to. */
            for (int round = 0; round < 5; round++) {
                for (size_t k = 0; k < n; k++) {
                    assert_true(test_holds(object[k], size, k + 1));
                    if (k % 2)
                        pond_heap_free(h, object[k]);
                }
                for (size_t k = 1; k < n; k += 2)
                    test_fill(object[k] = take(h, size), size, k + 1);
            }
            for (size_t k = 0; k < n; k++)
                pond_heap_free(h, object[k]);
            pond_destroy(p);
        }
}

/* What one class gives back another one can have. */
static void room_is_made_by_freeing(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "room");
    pond_limit(p, 2 * MIB);
    pond_heap *h = make(p);
    static char *object[60000];
    static const size_t sizes[] = {64, 200, 1000, 4000, 100, 8000, 48, 30000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t n = 0;
        while ((object[n] = pond_heap_alloc(h, sizes[i])) != NULL)
            n++;
        if (n * sizes[i] < MIB)
            fail_msg("only %zu objects of %zu bytes", n, sizes[i]);
        while (n > 0)
            pond_heap_free(h, object[--n]);
    }
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
    pond_limit_soft(p, 300000, soft, &told);
    pond_heap *h = make(p);
    for (int i = 0; i < 100; i++)
        take(h, 1000);
    assert_int_equal(told, 0);
    char *large = take(h, 300000);
    assert_int_equal(told, 1);
    pond_heap_free(h, large);
    large = take(h, 20000);
    assert_non_null(pond_heap_realloc(h, large, 400000));
    assert_int_equal(told, 2);
    pond_destroy(p);
}

static void large_realloc_within_a_budget(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "realloc");
    pond_limit(p, MIB);
    pond_heap *h = make(p);
    char *at = take(h, 100000);
    test_fill(at, 100000, 1);
    size_t size = 100000;
    for (char *more; (more = pond_heap_realloc(h, at, size + 10000)); at = more)
        size += 10000;
    assert_true(pond_failed(p));
    assert_true(size > 400000);
    assert_true(pond_usage_get(p).charged_bytes <= MIB);
    assert_true(test_holds(at, 100000, 1));
    size_t charged = pond_usage_get(p).charged_bytes;
    at = pond_heap_realloc(h, at, 100000);
    assert_non_null(at);
    assert_true(pond_usage_get(p).charged_bytes < charged);
    assert_true(test_holds(at, 100000, 1));
    pond_heap_free(h, at);
    pond_destroy(p);
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
    pond_heap *h = make(p);
    for (size_t i = 0; i < 5000; i++)
        memset(take(h, 100), 0x5a, 100);
    char *cell = memset(take(h, 100), 0x5a, 100);
    char *large = memset(take(h, 100000), 0x5a, 100000);
    char *cut = memset(take(h, 300000), 0x5a, 300000);
    assert_ptr_equal(pond_heap_realloc(h, cut, 70000), cut);
    pond_heap_free(h, large);
    pond_reset(p);
    /* The blocks stay mapped; looked at as a debugger would. */
    const volatile char *place[] = {cell, large + 500, cut + 500, cut + 200000};
    for (size_t i = 0; i < COUNT(place); i++)
        for (size_t k = 0; k < 100; k++)
            assert_true(place[i][k] != 0x5a);
    pond_destroy(p);
}

/* ---------------------------------------------------------------- misuses */

enum crime {
    TWICE,
    TWICE_LARGE,
    TWICE_CELL,
    FOREIGN,
    FOREIGN_CELL,
    INSIDE,
    INSIDE_CELL,
    REALLOC,
    USABLE,
    ENDED,
    ENDED_ALIGNED
};

static void use_ended(pond *p, pond_heap *h, enum crime crime)
{
    pond_reset(p);
    for (int i = 0; i < 100000; i++)
        if (crime == ENDED)
            (void)!pond_heap_alloc(h, 5000);
        else
            (void)!pond_heap_alloc_aligned(h, 5000, 64);
}

static void commit(void *arg)
{
    enum crime crime = *(enum crime *)arg;
    pond *p = pond_create(NULL, "crime");
    pond_heap *h = pond_heap_create(p), *other = pond_heap_create(p);
    bool cells =
        crime == TWICE_CELL || crime == FOREIGN_CELL || crime == INSIDE_CELL;
    static char *object[SLICE_FROM];
    for (size_t i = 0; i < SLICE_FROM; i++)
        object[i] = pond_heap_alloc(h, cells                  ? 64
                                       : crime == TWICE_LARGE ? i + 9000
                                                              : i);
    char *one = object[cells ? SLICE_FROM - 100 : 7];
    if (crime == ENDED || crime == ENDED_ALIGNED)
        use_ended(p, h, crime);
    else if (crime == REALLOC)
        (void)!pond_heap_realloc(other, one, 1000);
    else if (crime == USABLE)
        (void)pond_heap_usable_size(h, one + 16);
    else if (crime == INSIDE || crime == INSIDE_CELL)
        pond_heap_free(h, one + 16);
    else
        pond_heap_free(crime == FOREIGN || crime == FOREIGN_CELL ? other : h,
                       one);
    pond_heap_free(h, one);
    for (size_t i = 0; cells && i < SLICE_FROM; i++)
        if (object[i] != one)
            pond_heap_free(h, object[i]); /* and empty the bins */
}

static void misuses_are_told(void **state)
{
    (void)state;
    test_needs_region();
    for (int crime = TWICE; crime <= ENDED_ALIGNED; crime++)
        EXPECT_MISUSE(commit, &crime, crime < ENDED ? "crime" : NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(every_size),
        TEST(little_is_wasted),
        TEST(constant_sizes_have_the_same_class),
        TEST(the_last_freed_comes_first),
        TEST(nothing_grows),
        TEST(zeroed),
        TEST(impossible_sizes_are_refused),
        TEST(aligned_objects),
        TEST(aligned_objects_do_not_grow),
        TEST(realloc_keeps_contents),
        TEST(realloc_in_place),
        TEST(large_objects_come_and_go),
        TEST(marks_spare_the_older_heap),
        TEST(a_chunk_under_a_mark),
        TEST(reset_ends_it),
        TEST(usable_in_cleanups),
        TEST(budgets_hold),
        TEST(room_is_made_by_freeing),
        TEST(a_soft_limit_is_told),
        TEST(large_realloc_within_a_budget),
        TEST(secrets_are_cleared),
        TEST(misuses_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
