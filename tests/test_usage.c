/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_usage.c - what the questions answer: pond_usage_get and _tree,
 * pond_visit, pond_class_usage_get, pond_process_usage_get, and pond_trim.
 */
#include "support.h"

static void a_fresh_pond(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "usage");
    pond_usage u = pond_usage_get(p);
    assert_int_equal(u.used_bytes, 0);
    assert_int_equal(u.peak_bytes, 0);
    assert_int_equal(u.wasted_bytes, 0);
    assert_int_equal(u.charged_bytes, 0);
    assert_int_equal(u.n_children, 0);
    assert_int_equal(u.n_cleanups, 0);
    assert_true(u.n_blocks >= 1);
    if (test_region_engine()) {
        assert_int_equal(u.n_blocks, 1);
        assert_true(u.reserved_bytes >= 512);
    }
    pond_destroy(p);
}

static void hold_equations(pond_usage u)
{
    bool good = u.used_bytes + u.wasted_bytes <= u.reserved_bytes &&
                u.peak_bytes >= u.used_bytes && u.n_blocks >= 1;
    if (!good) {
        test_print_usage("contradicts itself", u);
        fail();
    }
}

/* Small objects are counted to the byte, rounded up to 16. */
static void used_is_what_was_handed_out(void **state)
{
    (void)state;
    test_needs_region();
    test_random r = {9};
    for (size_t round = 0; round < 20; round++) {
        pond *p = test_pond(NULL, "usage");
        size_t sum = 0;
        size_t peak = 0;
        for (size_t i = 0; i < test_scaled(20000); i++) {
            size_t size = test_random_size(&r, 11) - 1;
            assert_non_null(pond_alloc(p, size));
            sum += test_round16(size);
            peak = sum > peak ? sum : peak;
            if (i % 64 && i > 100)
                continue;
            pond_usage u = pond_usage_get(p);
            hold_equations(u);
            if (u.used_bytes != sum || u.peak_bytes != peak) {
                test_print_usage("now", u);
                fail_msg("used is not %zu or peak is not %zu", sum, peak);
            }
            if (i == 10000) {
                pond_reset(p);
                sum = peak = 0;
            }
        }
        pond_destroy(p);
    }
}

static void large_ones_are_used_too(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond(NULL, "usage");
    size_t sum = 0;
    size_t n = 0;
    for (size_t size = 9000; size < 20 * MIB; size = size * 3 / 2) {
        assert_non_null(pond_alloc(p, size));
        sum += size;
        n++;
        pond_usage u = pond_usage_get(p);
        hold_equations(u);
        assert_in_range(u.used_bytes, sum, sum + n * 4096);
    }
    assert_true(pond_usage_get(p).n_blocks > 8);
    pond_destroy(p);
}

static void peak_stays_until_reset(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "usage");
    pond_mark mark = pond_mark_take(p);
    assert_non_null(pond_alloc(p, test_hide(5000000)));
    size_t peak = pond_usage_get(p).used_bytes;
    assert_int_equal(pond_rewind(p, mark), 0);
    assert_non_null(pond_alloc(p, test_hide(100)));
    pond_usage u = pond_usage_get(p);
    hold_equations(u);
    assert_true(u.used_bytes < 5000);
    if (test_region_engine())
        assert_true(u.peak_bytes >= peak);
    /* small ones, too: down and up again below the peak */
    for (int i = 0; i < 100; i++) {
        assert_int_equal(pond_rewind(p, mark), 0);
        for (int k = 0; k < i; k++)
            assert_non_null(pond_alloc(p, test_hide(1000)));
        hold_equations(pond_usage_get(p));
    }
    pond_reset(p);
    assert_int_equal(pond_usage_get(p).peak_bytes, 0);
    pond_destroy(p);
}

/* The rewound part counts for the peak though no block was ever full. */
static void peak_within_one_block(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "usage", 8192);
    pond_mark mark = pond_mark_take(p);
    assert_non_null(pond_alloc(p, test_hide(4000)));
    assert_int_equal(pond_rewind(p, mark), 0);
    assert_non_null(pond_alloc(p, test_hide(16)));
    assert_true(pond_usage_get(p).peak_bytes >= 4000);
    char *a = pond_alloc(p, test_hide(6000));
    assert_non_null(a);
    assert_ptr_equal(pond_realloc(p, a, 6000, 10), a);
    assert_true(pond_usage_get(p).peak_bytes >= 6016);
    pond_destroy(p);
}

static void counts(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "usage");
    pond_cleanup *handles[100];
    pond *children[50];
    for (size_t i = 0; i < 100; i++) {
        handles[i] = test_defer(p, test_note, NULL);
        assert_int_equal(pond_usage_get(p).n_cleanups, i + 1);
    }
    for (size_t i = 0; i < 50; i++) {
        children[i] = test_pond(p, "child");
        test_pond(children[i], "grandchild");
        assert_int_equal(pond_usage_get(p).n_children, i + 1);
        assert_int_equal(pond_usage_tree(p).n_children, 2 * (i + 1));
    }
    for (size_t i = 0; i < 100; i += 3)
        pond_cleanup_cancel(handles[i]);
    for (size_t i = 0; i < 50; i += 2)
        pond_destroy(children[i]);
    assert_int_equal(pond_usage_get(p).n_cleanups, 66);
    assert_int_equal(pond_usage_get(p).n_children, 25);
    assert_int_equal(pond_usage_tree(p).n_children, 50);
    assert_int_equal(pond_usage_tree(p).n_cleanups, 66);
    pond_destroy(p);
    test_notes_clear();
}

/* ----------------------------------------------------- trees of ponds */

enum { n_live = 300 };

/* live[0] is the root; the parent of each is an earlier one. */
static void grow_tree(pond **live, size_t *parents, test_random *r)
{
    live[0] = test_pond(NULL, "tree");
    for (size_t i = 1; i < n_live; i++) {
        parents[i] = test_random_below(r, i);
        live[i] = test_pond(live[parents[i]], i % 2 ? "odd one" : "even one");
        for (size_t k = test_random_below(r, 20); k > 0; k--)
            assert_non_null(pond_alloc(live[i], test_random_size(r, 14)));
        test_defer(live[i], test_note, NULL);
    }
}

static void a_tree_is_the_sum_of_its_ponds(void **state)
{
    (void)state;
    test_random r = {10};
    pond *live[n_live];
    size_t parents[n_live];
    grow_tree(live, parents, &r);
    pond_usage sums[n_live];
    for (size_t i = 0; i < n_live; i++)
        sums[i] = pond_usage_get(live[i]);
    for (size_t i = n_live - 1; i > 0; i--) {
        pond_usage *up = &sums[parents[i]];
        up->used_bytes += sums[i].used_bytes;
        up->reserved_bytes += sums[i].reserved_bytes;
        up->wasted_bytes += sums[i].wasted_bytes;
        up->peak_bytes += sums[i].peak_bytes;
        up->n_blocks += sums[i].n_blocks;
        up->n_children += sums[i].n_children;
        up->n_cleanups += sums[i].n_cleanups;
    }
    for (size_t i = 0; i < n_live; i++)
        assert_true(test_same_usage(sums[i], pond_usage_tree(live[i])));
    assert_int_equal(sums[0].n_children, n_live - 1);
    pond_destroy(live[0]);
    test_notes_clear();
}

struct seen {
    const pond *ponds[4 * n_live];
    size_t n;
    size_t reserved;
    size_t used;
};

static void see(const pond *p, void *arg)
{
    struct seen *s = arg;
    CHECK(s->n < COUNT(s->ponds));
    s->ponds[s->n++] = p;
    pond_usage u = pond_usage_get(p);
    s->reserved += u.reserved_bytes;
    s->used += u.used_bytes;
    CHECK(pond_name(p) != NULL);
    const pond *parent = pond_parent(p);
    CHECK(parent != p);
}

static struct seen see_all(void)
{
    struct seen s = {0};
    pond_visit(see, &s);
    return s;
}

static bool was_seen(const struct seen *s, const pond *p)
{
    size_t times = 0;
    for (size_t i = 0; i < s->n; i++)
        times += s->ponds[i] == p;
    assert_true(times <= 1);
    return times == 1;
}

static void visits_see_exactly_the_live(void **state)
{
    (void)state;
    test_random r = {11};
    for (int round = 0; round < 10; round++) {
        pond *live[n_live];
        size_t parents[n_live];
        bool ended[n_live] = {false};
        grow_tree(live, parents, &r);
        for (size_t i = 1; i < n_live; i++) {
            if (ended[i] || ended[parents[i]]) {
                ended[i] = true;
            } else if (test_random_below(&r, 8) == 0) {
                ended[i] = true;
                pond_destroy(live[i]);
            } else if (test_random_below(&r, 50) == 0) {
                pond_reset(live[i]);
                for (size_t k = i + 1; k < n_live; k++)
                    for (size_t a = parents[k];; a = parents[a]) {
                        if (a == i)
                            ended[k] = true;
                        if (a == 0 || a == i)
                            break;
                    }
            }
        }
        struct seen s = see_all();
        size_t expected = 0;
        for (size_t i = 0; i < n_live; i++) {
            expected += !ended[i];
            if (!ended[i])
                assert_true(was_seen(&s, live[i]));
        }
        assert_int_equal(s.n, expected);
        assert_int_equal(pond_process_usage_get().n_ponds, expected);
        pond_destroy(live[0]);
        assert_int_equal(see_all().n, 0);
    }
    test_notes_clear();
}

/* ---------------------------------------------------------------- classes */

static void classes_add_up(void **state)
{
    (void)state;
    test_random r = {12};
    pond *live[n_live];
    size_t parents[n_live];
    grow_tree(live, parents, &r);
    static const char *const names[] = {"odd one", "even one", "tree"};
    pond_class_usage rows[300];
    size_t n = pond_class_usage_get(rows, COUNT(rows));
    assert_in_range(n, 3, COUNT(rows));
    assert_int_equal(n, pond_process_usage_get().n_classes);
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        size_t used = 0;
        size_t reserved = 0;
        size_t ponds = 0;
        for (size_t k = 0; k < n_live; k++) {
            if (strcmp(pond_name(live[k]), rows[i].name) != 0)
                continue;
            pond_usage u = pond_usage_get(live[k]);
            used += u.used_bytes;
            reserved += u.reserved_bytes;
            ponds++;
        }
        assert_int_equal(rows[i].n_ponds, ponds);
        assert_int_equal(rows[i].used_bytes, used);
        assert_int_equal(rows[i].reserved_bytes, reserved);
        assert_in_range(rows[i].first_block_bytes, 512, 65536);
        for (size_t k = 0; k < COUNT(names); k++)
            found += strcmp(names[k], rows[i].name) == 0;
    }
    assert_int_equal(found, 3);
    pond_class_usage few[3];
    memset(few, 0x77, sizeof few);
    assert_int_equal(pond_class_usage_get(few, 2), n);
    assert_true(few[0].name && few[1].name);
    assert_int_equal(few[2].n_ponds, (size_t)0x7777777777777777);
    assert_int_equal(pond_class_usage_get(NULL, 0), n);
    pond_destroy(live[0]);
    test_notes_clear();
}

/* ------------------------------------------------------------ the process */

static pond_process_usage balanced(void)
{
    pond_process_usage u = pond_process_usage_get();
    size_t sum = u.in_use_bytes + u.thread_cache_bytes + u.depot_bytes +
                 u.purged_bytes + u.header_bytes;
    if (u.mapped_bytes != sum ||
        u.committed_bytes != u.mapped_bytes - u.purged_bytes)
        fail_msg("mapped %zu, committed %zu: in use %zu, caches %zu, depot "
                 "%zu, purged %zu, headers %zu",
                 u.mapped_bytes, u.committed_bytes, u.in_use_bytes,
                 u.thread_cache_bytes, u.depot_bytes, u.purged_bytes,
                 u.header_bytes);
    return u;
}

static void the_process_adds_up(void **state)
{
    (void)state;
    test_needs_region();
    enum { n = 50 };
    pond *live[n] = {0};
    test_random r = {13};
    for (size_t i = 0; i < test_scaled(100000); i++) {
        size_t k = test_random_below(&r, n);
        if (!live[k]) {
            live[k] = test_pond(NULL, k % 2 ? "odd one" : "even one");
        } else if (test_random_below(&r, 10) == 0) {
            pond_destroy(live[k]);
            live[k] = NULL;
        } else {
            assert_non_null(pond_alloc(live[k], test_random_size(&r, 18)));
        }
        if (i % 5000 == 7)
            pond_trim((unsigned)(i % 3 * 50));
        if (i % 256 == 0) {
            pond_process_usage u = balanced();
            struct seen s = see_all();
            assert_int_equal(u.n_ponds, s.n);
            assert_int_equal(u.in_use_bytes, s.reserved);
            assert_int_equal(u.n_threads, 1);
            assert_int_equal(u.limit_bytes, 0);
        }
    }
    for (size_t k = 0; k < n; k++)
        pond_destroy(live[k]);
    assert_int_equal(balanced().in_use_bytes, 0);
}

/* Whatever went before: all of it is idle, and then given back. */
static void everything_idle_is_given_back(void **state)
{
    (void)state;
    test_needs_region();
    test_random r = {14};
    pond_trim(UINT32_MAX);
    size_t base = balanced().committed_bytes;
    size_t base_resident = test_resident();
    for (int round = 0; round < 5; round++) {
        enum { n = 200 };
        pond *live[n];
        for (size_t k = 0; k < n; k++)
            live[k] = test_pond(NULL, "idle");
        for (size_t got = 0; got < test_scaled(200 * MIB);) {
            size_t size = test_random_size(&r, round % 2 ? 22 : 12);
            char *at = pond_alloc(live[test_random_below(&r, n)], size);
            assert_non_null(at);
            memset(at, 1, size);
            got += size;
        }
        for (size_t k = 0; k < n; k++)
            pond_destroy(live[k]);
        pond_process_usage full = balanced();
        assert_int_equal(full.in_use_bytes, 0);
        size_t given = pond_trim(UINT32_MAX);
        pond_process_usage u = balanced();
        assert_int_equal(u.in_use_bytes, 0);
        assert_int_equal(u.thread_cache_bytes, 0);
        assert_int_equal(u.depot_bytes, 0);
        assert_in_range(given, full.committed_bytes - u.committed_bytes,
                        full.committed_bytes);
        assert_true(u.committed_bytes <= base + MIB);
        if (!TEST_TSAN)
            assert_true(test_resident() < base_resident + 16 * MIB);
    }
}

/* Half of the ponds stay: their contents too, through every trim. */
static void trimming_spares_the_living(void **state)
{
    (void)state;
    enum { n = 2000 };
    static struct {
        pond *p;
        char *at;
        size_t size;
    } live[n];
    test_random r = {15};
    for (int round = 0; round < 6; round++) {
        for (size_t k = 0; k < n; k++) {
            if (live[k].p)
                continue;
            live[k].p = test_pond(NULL, "spared");
            live[k].size = test_random_size(&r, k % 50 ? 12 : 20);
            live[k].at = pond_alloc(live[k].p, live[k].size);
            assert_non_null(live[k].at);
            test_fill(live[k].at, live[k].size, k);
        }
        for (size_t k = 0; k < n; k++) {
            if (test_random_below(&r, 2)) {
                pond_destroy(live[k].p);
                live[k].p = NULL;
            }
        }
        for (unsigned budget = 0; budget < 2000; budget = budget * 3 + 1)
            pond_trim(budget);
        pond_trim(UINT32_MAX);
        assert_int_equal(pond_trim(UINT32_MAX), 0); /* nothing is left */
        for (size_t k = 0; k < n; k++)
            if (live[k].p)
                assert_true(test_holds(live[k].at, live[k].size, k));
        if (test_region_engine())
            balanced();
    }
    for (size_t k = 0; k < n; k++) {
        pond_destroy(live[k].p);
        live[k].p = NULL;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(a_fresh_pond),
        TEST(used_is_what_was_handed_out),
        TEST(large_ones_are_used_too),
        TEST(peak_stays_until_reset),
        TEST(peak_within_one_block),
        TEST(counts),
        TEST(a_tree_is_the_sum_of_its_ponds),
        TEST(visits_see_exactly_the_live),
        TEST(classes_add_up),
        TEST(the_process_adds_up),
        TEST(everything_idle_is_given_back),
        TEST(trimming_spares_the_living),
    };
    return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
