/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_heap_memory.c - what a heap that lives long gives back: slices without
 * objects at once, pages without objects when the process trims.
 */
#include "support.h"

#include <limits.h>
#include <pond/heap.h>

enum { LIVE = 20000 };
static char *object[LIVE];
static uint32_t size_of[LIVE];

static void fill(pond_heap *h, test_random *r, unsigned low, unsigned high)
{
    for (size_t i = 0; i < LIVE; i++) {
        size_of[i] = (uint32_t)(((size_t)1 << low) +
                                test_random_below(r, ((size_t)1 << high) -
                                                         ((size_t)1 << low)));
        object[i] = pond_heap_alloc(h, size_of[i]);
        assert_non_null(object[i]);
        test_fill(object[i], size_of[i], i);
    }
}

static size_t bytes_live(void)
{
    size_t bytes = 0;
    for (size_t i = 0; i < LIVE; i++)
        bytes += object[i] ? size_of[i] : 0;
    return bytes;
}

static void check_all(void)
{
    for (size_t i = 0; i < LIVE; i++)
        assert_true(!object[i] || test_holds(object[i], size_of[i], i));
}

static void free_one(pond_heap *h, size_t i)
{
    pond_heap_free(h, object[i]);
    object[i] = NULL;
}

static void refill(pond_heap *h)
{
    for (size_t i = 0; i < LIVE; i++)
        if (!object[i]) {
            object[i] = pond_heap_alloc(h, size_of[i]);
            assert_non_null(object[i]);
            test_fill(object[i], size_of[i], i);
        }
}

static size_t reserved(const pond *p)
{
    return pond_usage_get(p).reserved_bytes;
}

/* All freed, little stays; and it stays little however often. */
static void an_empty_heap_is_small(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "empty");
    pond_heap *h = pond_heap_create(p);
    test_random r = {1};
    size_t first = 0;
    for (size_t round = 0; round < 5; round++) {
        fill(h, &r, 4, 12);
        assert_true(reserved(p) >= bytes_live());
        assert_true(reserved(p) <= bytes_live() * 5 / 4 + 6 * MIB);
        for (size_t i = 0; i < LIVE; i++)
            free_one(h, i * 7919 % LIVE);
        if (round == 0)
            first = reserved(p);
        assert_true(reserved(p) <= first + MIB);
        assert_true(reserved(p) <= 8 * MIB);
    }
    pond_destroy(p);
}

/* The first 95 of 100 that were made are freed. */
static void old_objects_leave_slices(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "old");
    pond_heap *h = pond_heap_create(p);
    test_random r = {2};
    fill(h, &r, 4, 12);
    for (size_t i = 0; i < LIVE / 100 * 95; i++)
        free_one(h, i);
    check_all();
    assert_true(reserved(p) <= 2 * bytes_live() + 8 * MIB);
    for (size_t i = 0; i < LIVE; i++)
        free_one(h, i);
    pond_destroy(p);
}

static size_t purged(void)
{
    return pond_process_usage_get().purged_bytes;
}

/* 95 of 100 at random: few slices become empty, but many pages do. */
static void pages_without_objects_go_back(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "pages");
    pond_heap *h = pond_heap_create(p);
    test_random r = {3};
    fill(h, &r, 11, 13);
    size_t full = reserved(p);
    for (size_t i = 0; i < LIVE; i++)
        if (test_random_below(&r, 100) < 95)
            free_one(h, i);
    pond_trim(UINT_MAX);
    size_t before = pond_process_usage_get().committed_bytes;
    assert_true(before <= full / 4);
    check_all();
    /* And what is purged can be had again, page by page. */
    for (int round = 0; round < 5; round++) {
        refill(h);
        check_all();
        for (size_t i = 0; i < LIVE; i++)
            if (test_random_below(&r, 100) < 95)
                free_one(h, i);
        pond_trim(round % 2 ? UINT_MAX : 1000);
        check_all();
    }
    size_t gone = purged();
    pond_destroy(p);
    assert_true(purged() <= gone + 16 * MIB); /* purged once, not twice */
    pond_process_usage u = pond_process_usage_get();
    assert_int_equal(u.mapped_bytes, u.in_use_bytes + u.thread_cache_bytes +
                                         u.depot_bytes + u.purged_bytes +
                                         u.header_bytes);
    memset(object, 0, sizeof object);
}

/* Purged pages count as given back; to have them again may be refused. */
static void the_process_limit_holds_for_purged_pages(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "limit");
    pond_heap *h = pond_heap_create(p);
    test_random r = {4};
    fill(h, &r, 11, 12);
    for (size_t i = 0; i < LIVE; i++)
        if (i % 50)
            free_one(h, i);
    pond_trim(UINT_MAX);
    size_t committed = pond_process_usage_get().committed_bytes;
    pond_process_limit(committed + 2 * MIB);
    size_t had = 0;
    for (size_t i = 0; i < LIVE; i++) {
        if (object[i])
            continue;
        object[i] = pond_heap_alloc(h, size_of[i]);
        if (object[i]) {
            test_fill(object[i], size_of[i], i);
            had += size_of[i];
        }
        assert_true(pond_process_usage_get().committed_bytes <=
                    committed + 2 * MIB);
    }
    assert_true(pond_failed(p));
    assert_true(had > 512 * KIB && had < 20 * MIB);
    check_all();
    pond_process_limit(0);
    refill(h);
    check_all();
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

static void pages_with_objects_stay(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "mixed");
    pond_heap *h = pond_heap_create(p);
    test_random r = {5};
    fill(h, &r, 4, 13);
    for (size_t i = 0; i < test_scaled(300000); i++) {
        size_t k = test_random_below(&r, LIVE);
        if (object[k]) {
            assert_true(test_holds(object[k], size_of[k], k));
            free_one(h, k);
        } else if (test_random_below(&r, 3) == 0) {
            object[k] = pond_heap_alloc(h, size_of[k]);
            assert_non_null(object[k]);
            test_fill(object[k], size_of[k], k);
        }
        if (i % 10000 == 0)
            pond_trim(i % 30000 ? 100 : UINT_MAX);
    }
    check_all();
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

/* A pond that clears its memory does not leave that to the system. */
static void secrets_are_not_lent(void **state)
{
    (void)state;
    test_needs_region();
    pond_options o = {.size = sizeof o, .clear_on_end = true};
    pond *p = pond_create_with(NULL, "secret", &o);
    assert_non_null(p);
    pond_heap *h = pond_heap_create(p);
    test_random r = {6};
    fill(h, &r, 11, 12);
    for (size_t i = 0; i < LIVE; i++)
        if (i % 50)
            free_one(h, i);
    size_t held = reserved(p);
    pond_trim(UINT_MAX);
    assert_true(pond_process_usage_get().committed_bytes >= held);
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

static void huge_pages_work_alike(void **state)
{
    (void)state;
    pond_options o = {.size = sizeof o, .huge_pages = true};
    pond *p = pond_create_with(NULL, "huge", &o);
    assert_non_null(p);
    pond_heap *h = pond_heap_create(p);
    test_random r = {7};
    fill(h, &r, 4, 13);
    for (size_t i = 0; i < LIVE; i++)
        if (i % 10)
            free_one(h, i);
    pond_trim(UINT_MAX);
    check_all();
    refill(h);
    check_all();
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

/* What is said to be used is what was asked for and what rounding adds. */
static void used_bytes_follow(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "used");
    pond_heap *h = pond_heap_create(p);
    test_random r = {8};
    size_t empty = pond_usage_get(p).used_bytes;
    fill(h, &r, 4, 15);
    for (int round = 0; round < 20; round++) {
        size_t used = pond_usage_get(p).used_bytes - empty;
        size_t cells = 0;
        for (size_t i = 0; i < LIVE; i++)
            cells += object[i] ? pond_heap_usable_size(h, object[i]) : 0;
        assert_true(used >= cells);
        /* Prefixes, and what bins and their slots take. */
        assert_true(used <= cells + cells / 50 + 512 * KIB);
        assert_true(used <= reserved(p));
        for (size_t i = 0; i < LIVE; i++)
            if (object[i] && test_random_below(&r, 4) == 0)
                free_one(h, i);
    }
    memset(object, 0, sizeof object);
    pond_destroy(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_heap_is_small),
        TEST(old_objects_leave_slices),
        TEST(pages_without_objects_go_back),
        TEST(the_process_limit_holds_for_purged_pages),
        TEST(pages_with_objects_stay),
        TEST(secrets_are_not_lent),
        TEST(huge_pages_work_alike),
        TEST(used_bytes_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
