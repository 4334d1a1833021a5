/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_budget.c - hard limits of one pond and of trees, pond_failed and the
 * process limit. Soft limits are in test_soft.c.
 */
#include "support.h"

/* What one refused object of 16 bytes may leave of a budget: its own size and
 * the header of the block it would have needed. */
#define EXACT ((size_t)16 + 128)

static size_t charged(const pond *p)
{
    return pond_usage_get(p).charged_bytes;
}

static size_t tree_used(const pond *p)
{
    return pond_usage_tree(p).used_bytes;
}

/* Objects of a size until NULL; returns how many. */
static size_t fill(pond *p, size_t size)
{
    size_t n = 0;
    for (char *at; (at = pond_alloc(p, test_hide(size))); n++)
        at[0] = at[size - 1] = (char)n;
    assert_true(pond_failed(p));
    return n;
}

static void one_pond_is_exact(void **state)
{
    (void)state;
    test_needs_region();
    static const size_t limits[] = {2000,   4096,    10000,   10007,   65536,
                                    100001, 1000000, 3000000, 20000000};
    for (size_t i = 0; i < COUNT(limits); i++) {
        pond *p = test_pond_sized(NULL, "budget", 512);
        assert_int_equal(charged(p), 0); /* it has none yet */
        pond_limit(p, limits[i]);
        assert_true(charged(p) > 0);
        size_t n = fill(p, 16);
        pond_usage u = pond_usage_get(p);
        assert_true(u.charged_bytes <= limits[i]);
        if (u.charged_bytes + EXACT < limits[i]) {
            test_print_usage("full", u);
            fail_msg("%zu of %zu bytes are left", limits[i] - u.charged_bytes,
                     limits[i]);
        }
        assert_int_equal(u.used_bytes, 16 * n);
        pond_reset(p);
        assert_false(pond_failed(p));
        assert_in_range(fill(p, 16), n - 8, n + 8);
        pond_destroy(p);
    }
}

/* Never above the limit at any moment, whatever is asked for. */
static void never_exceeded(void **state)
{
    (void)state;
    test_random r = {6};
    for (size_t round = 0; round < 30; round++) {
        size_t limit = 3000 + test_random_size(&r, 24);
        pond *p = test_pond(NULL, "budget");
        pond_limit(p, limit);
        size_t refused = 0;
        char *last = NULL;
        size_t last_size = 0;
        for (size_t i = 0; i < test_scaled(20000) && refused < 50; i++) {
            size_t size = test_random_size(&r, i % 20 ? 10 : 21);
            void *at;
            switch (i % 5) {
            case 0:
                at = pond_calloc(p, 1, size);
                break;
            case 1:
                at = pond_alloc_aligned(p, size, (size_t)1 << i % 13);
                break;
            case 2:
                at = pond_realloc(p, last, last_size, size);
                last = at ? at : last;
                last_size = at ? size : last_size;
                break;
            case 3:
                at = pond_printf(p, "%*d", (int)size, 1);
                break;
            default:
                at = pond_alloc(p, size);
            }
            refused += at == NULL;
            pond_usage u = pond_usage_get(p);
            if (u.charged_bytes > limit || u.used_bytes > u.charged_bytes) {
                test_print_usage("exceeded", u);
                fail_msg("limit %zu, size %zu, way %zu", limit, size, i % 5);
            }
        }
        pond_destroy(p);
    }
}

static void large_objects_are_charged_whole(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "budget");
    pond_limit(p, 20 * MIB);
    char *a = pond_alloc(p, test_hide(9 * MIB));
    assert_non_null(a);
    assert_null(pond_alloc(p, test_hide(12 * MIB)));
    assert_true(charged(p) >= 9 * MIB);
    assert_non_null(pond_alloc(p, test_hide(5 * MIB)));
    size_t now = 9 * MIB;
    for (char *b = a; b; now += 4096) { /* in place until it is full */
        a = b;
        b = pond_realloc(p, a, now, now + 4096);
        assert_true(charged(p) <= 20 * MIB);
    }
    now -= 4096;
    assert_true(now <= 15 * MIB);
    a = pond_realloc(p, a, now, MIB);
    assert_non_null(a);
    pond_reset(p);
    assert_non_null(pond_alloc(p, test_hide(15 * MIB)));
    pond_destroy(p);
}

static void too_small_for_anything(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 500; limit += 73) {
        pond *p = test_pond_sized(NULL, "budget", 512);
        pond_limit(p, limit);
        pond_usage before = pond_usage_get(p);
        if (!pond_alloc(p, test_hide(1000)))
            assert_true(pond_failed(p));
        else
            fail_msg("1000 bytes within a limit of %zu", limit);
        assert_null(pond_create(p, "child"));
        assert_null(pond_calloc(p, 100, 100));
        if (test_region_engine())
            assert_null(pond_alloc_aligned(p, 10, 4096));
        assert_null(pond_realloc(p, NULL, 0, 5000));
        assert_null(pond_printf(p, "%2000d", 1));
        assert_true(test_same_usage(before, pond_usage_get(p)));
        while (pond_defer(p, test_note, NUMBER(1)))
            continue;
        test_notes_clear();
        pond_limit(p, MIB);
        assert_non_null(pond_alloc(p, test_hide(1000)));
        assert_non_null(pond_create(p, "child"));
        assert_non_null(pond_defer(p, test_note, NUMBER(2)));
        pond_destroy(p);
        test_notes_clear();
    }
}

static void ending_makes_room(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "budget");
    pond_limit(root, 2 * MIB);
    size_t base = charged(root);
    pond *keeper = test_pond(root, "keeper");
    assert_non_null(pond_alloc(keeper, test_hide(100)));
    for (int round = 0; round < 200; round++) {
        pond *child = test_pond(root, "child");
        size_t n = fill(child, 1000);
        assert_true(n > 1000);
        assert_true(charged(root) <= 2 * MIB);
        assert_false(pond_failed(root)); /* the child was asked */
        assert_null(pond_alloc(keeper, test_hide(100000)));
        if (round % 2)
            pond_reset(child);
        else
            pond_destroy(child);
        assert_non_null(pond_alloc(keeper, test_hide(100000)));
        pond_reset(keeper);
        if (round % 2)
            pond_destroy(child);
    }
    pond_destroy(keeper);
    assert_true(charged(root) <= base);
    pond_destroy(root);
}

static void nested_limits(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "outer");
    pond_limit(root, MIB);
    pond *between = test_pond(root, "between");
    pond *inner = test_pond(between, "inner");
    pond_limit(inner, 200 * KIB);
    pond *deep = test_pond(test_pond(inner, "between"), "deep");
    pond *generous = test_pond(between, "generous");
    pond_limit(generous, 100 * MIB); /* more than the root has */
    size_t n = fill(deep, 512);
    assert_true(n * 512 <= 200 * KIB && n * 512 > 100 * KIB);
    assert_true(charged(inner) <= 200 * KIB);
    assert_int_equal(charged(between), 0); /* it has no limit of its own */
    assert_false(pond_failed(inner));
    n = fill(generous, 512);
    assert_true(n * 512 > 500 * KIB);
    assert_true(charged(root) <= MIB);
    assert_true(charged(root) >= charged(inner) + charged(generous));
    pond_destroy(generous);
    assert_null(pond_alloc(deep, test_hide(512))); /* the inner one holds it */
    pond_reset(inner);
    deep = test_pond(inner, "deep");
    assert_non_null(pond_alloc(deep, test_hide(100 * KIB)));
    n = fill(between, 512);
    assert_true(charged(root) <= MIB);
    pond_reset(root);
    assert_true(charged(root) <= 64 * KIB);
    assert_non_null(pond_alloc(root, test_hide(600 * KIB)));
    pond_destroy(root);
}

/* A limit given to a tree that is there already counts what it holds. */
static void a_limit_set_later(void **state)
{
    (void)state;
    test_random r = {7};
    for (int round = 0; round < 20; round++) {
        pond *root = test_pond(NULL, "later");
        pond *all[40];
        all[0] = root;
        for (size_t i = 1; i < COUNT(all); i++) {
            all[i] = test_pond(all[test_random_below(&r, i)], "later");
            size_t size = test_random_size(&r, round % 2 ? 14 : 19);
            assert_non_null(pond_alloc(all[i], size));
        }
        size_t used = tree_used(root);
        size_t limit = used / 2 + test_random_below(&r, 2 * used);
        pond_limit(root, limit);
        assert_true(charged(root) >= used);
        assert_true(charged(root) <= pond_usage_tree(root).reserved_bytes);
        for (size_t i = 0; i < COUNT(all); i++)
            fill(all[COUNT(all) - 1 - i], 16 + 100 * i);
        size_t most = used > limit ? used : limit;
        if (tree_used(root) > most)
            fail_msg("round %d: limit %zu, used %zu before, %zu now", round,
                     limit, used, tree_used(root));
        pond_destroy(root);
    }
}

static void raised_lowered_removed(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "outer");
    pond *p = test_pond(root, "inner");
    pond *child = test_pond(p, "child");
    pond_limit(p, 100 * KIB);
    fill(child, 200);
    pond_limit(p, 200 * KIB);
    size_t n = fill(child, 200);
    assert_true(n * 200 > 50 * KIB);
    size_t used = tree_used(root);
    pond_limit(p, 50 * KIB); /* below what it holds */
    assert_null(pond_alloc(child, test_hide(200)));
    assert_null(pond_alloc(p, test_hide(2000)));
    assert_null(pond_create(p, "no"));
    assert_int_equal(tree_used(root), used);
    pond_reset(child);
    assert_non_null(pond_alloc(child, test_hide(20 * KIB)));
    pond_limit(p, 0);
    assert_non_null(pond_alloc(child, test_hide(10 * MIB)));
    assert_int_equal(charged(p), 0);
    pond_limit(root, 12 * MIB); /* p has none now: the root's counts */
    assert_null(pond_alloc(child, test_hide(10 * MIB)));
    pond_limit(p, MIB); /* below what it holds, within the root's */
    assert_null(pond_alloc(child, test_hide(MIB)));
    pond_limit(p, 0);
    pond_reset(child);
    assert_non_null(pond_alloc(child, test_hide(10 * MIB)));
    pond_destroy(p);
    assert_true(charged(root) < 64 * KIB);
    assert_non_null(pond_alloc(root, test_hide(10 * MIB)));
    pond_limit(root, 0);
    assert_non_null(pond_alloc(root, test_hide(10 * MIB)));
    pond_destroy(root);
}

/* Lowered within the current block: its tail may not be used either. */
static void lowered_within_the_block(void **state)
{
    (void)state;
    test_needs_region();
    pond *p = test_pond_sized(NULL, "lowered", 65536);
    assert_non_null(pond_alloc(p, test_hide(1000)));
    pond_limit(p, 8000);
    assert_true(charged(p) <= 8000);
    fill(p, 16);
    assert_true(pond_usage_get(p).used_bytes <= 8000);
    assert_true(charged(p) <= 8000 && charged(p) > 7800);
    pond_limit(p, 16000);
    fill(p, 16);
    assert_true(charged(p) <= 16000 && charged(p) > 15800);
    pond_limit(p, 0);
    assert_non_null(pond_alloc(p, test_hide(30000)));
    assert_int_equal(pond_usage_get(p).n_blocks, 1); /* the room is there */
    pond_destroy(p);
}

/* Random work under nested limits that come and go: the charge of the root
 * comes back to where it began. */
static void charges_do_not_drift(void **state)
{
    (void)state;
    enum { live = 24 };
    test_random r = {8};
    pond *root = test_pond(NULL, "drift");
    pond_limit(root, 30 * MIB);
    size_t base = charged(root);
    for (int round = 0; round < 10; round++) {
        pond *all[live] = {root};
        for (size_t i = 0; i < test_scaled(30000); i++) {
            /* all[k] hangs on the root or on all[1], so only 1 has children */
            size_t k = 1 + test_random_below(&r, live - 1);
            if (!all[k]) {
                pond *parent = k > 1 && k % 2 && all[1] ? all[1] : root;
                all[k] = pond_create(parent, k % 3 ? "drift" : "other drift");
                continue;
            }
            switch (test_random_below(&r, 12)) {
            case 0:
                for (size_t j = 3; k == 1 && j < live; j++)
                    if (all[j] && pond_parent(all[j]) == all[1])
                        all[j] = NULL;
                pond_destroy(all[k]);
                all[k] = NULL;
                break;
            case 1:
                for (size_t j = 3; k == 1 && j < live; j++)
                    if (all[j] && pond_parent(all[j]) == all[1])
                        all[j] = NULL;
                pond_reset(all[k]);
                break;
            case 2:
                pond_limit(all[k], i % 3 ? test_random_size(&r, 22) : 0);
                break;
            default:
                (void)!pond_alloc(all[k], test_random_size(&r, 15));
            }
            if (charged(root) > 30 * MIB)
                fail_msg("round %d, step %zu: exceeded", round, i);
        }
        for (size_t k = live - 1; k > 0; k--)
            if (all[k] && pond_parent(all[k]) == root)
                pond_destroy(all[k]);
        if (charged(root) != base)
            fail_msg("round %d: charged %zu, was %zu", round, charged(root),
                     base);
    }
    pond_destroy(root);
}

/* ----------------------------------------------------------- the cost of it */

struct nest {
    size_t ponds;
    bool flat; /* all children of the root, not each of the one before */
    pond *deepest;
    pond *leaf;
};

static void build_nest(void *arg)
{
    struct nest *n = arg;
    pond *root = test_pond_sized(NULL, "nest", 512);
    pond_limit(root, (size_t)1 << 40);
    pond *p = root;
    for (size_t i = 0; i < n->ponds; i++)
        p = test_pond_sized(n->flat ? root : p, "nest", 512);
    n->deepest = p;
    for (int warm = 0; warm < 20; warm++) {
        n->leaf = test_pond_sized(p, "leaf", 512);
        for (int k = 0; k < 100; k++)
            CHECK(pond_alloc(n->leaf, test_hide(1000)));
        if (warm < 19)
            pond_destroy(n->leaf);
    }
    pond_destroy(test_pond_sized(p, "leaf", 512));
}

static void fill_the_leaf(void *arg)
{
    struct nest *n = arg;
    for (int k = 0; k < 200; k++)
        CHECK(pond_alloc(n->leaf, test_hide(1000)));
}

static void add_a_leaf(void *arg)
{
    struct nest *n = arg;
    pond_destroy(test_pond_sized(n->deepest, "leaf", 512));
}

static void end_the_leaf(void *arg)
{
    pond_destroy(((struct nest *)arg)->leaf);
}

/* Counted in instructions, by single steps: what is done in a pond 200,000
 * levels below a limit costs what it costs one level below, among as many. */
static void depth_costs_nothing(void **state)
{
    (void)state;
    test_needs_region();
    if (TEST_TSAN)
        skip();
    static void (*const operations[])(void *) = {fill_the_leaf, add_a_leaf,
                                                 end_the_leaf};
    for (size_t i = 0; i < COUNT(operations); i++) {
        struct nest flat = {.ponds = test_scaled(200000), .flat = true};
        struct nest deep = {.ponds = flat.ponds};
        long few = test_count_steps(build_nest, operations[i], &flat);
        long many = test_count_steps(build_nest, operations[i], &deep);
        if (few < 0 || many < 0) {
            print_message("single steps are not allowed here\n");
            skip();
        }
        print_message("operation %zu: %ld instructions one level down, %ld "
                      "at depth %zu\n",
                      i, few, many, deep.ponds);
        /* A trimming step may fall into either. One instruction for every
         * second level would be too many. */
        long slack = (long)deep.ponds / 2;
        assert_true(many < few + few / 4 + (slack > 50000 ? slack : 50000));
    }
}

/* ------------------------------------------------------------ pond_failed */

static void failed_is_set_on_the_one_asked(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "failed");
    pond *p = test_pond(root, "failed");
    pond *child = test_pond(p, "failed");
    pond_limit(root, 256 * KIB);
    assert_false(pond_failed(root) || pond_failed(p) || pond_failed(child));
    assert_null(pond_alloc(child, test_hide(MIB)));
    assert_true(pond_failed(child));
    assert_false(pond_failed(p) || pond_failed(root));
    assert_non_null(pond_alloc(child, test_hide(100)));
    assert_true(pond_failed(child)); /* it is sticky */
    pond_mark mark = pond_mark_take(child);
    assert_int_equal(pond_rewind(child, mark), 0);
    assert_true(pond_failed(child));
    pond_reset(child);
    assert_false(pond_failed(child));
    fill(child, 16);
    pond *made;
    while ((made = pond_create(p, "failed")))
        continue;
    assert_true(pond_failed(p));
    assert_false(pond_failed(root));
    pond_reset(p);
    assert_false(pond_failed(p));
    pond_destroy(root);
}

static char long_text[100000];

/* Asked of a pond with a limit of 2000 bytes. */
static void *ask_too_much(pond *p, int way)
{
    switch (way) {
    case 0:
        return pond_alloc(p, test_hide(100000));
    case 1:
        return pond_calloc(p, 1000, 100);
    case 2:
        return pond_alloc_aligned(p, 10000, 64);
    case 3:
        return pond_realloc(p, pond_alloc(p, 10), 10, 100000);
    case 4:
        return pond_memdup(p, long_text, sizeof long_text);
    case 5:
        return pond_strdup(p, long_text);
    case 6:
        return pond_strndup(p, long_text, 50000);
    case 7:
        return pond_printf(p, "%s", long_text);
    case 8:
        while (pond_defer(p, test_note, NULL))
            continue;
        return NULL;
    default:
        pond_limit(p, 300);
        return pond_create(p, "child");
    }
}

static void every_refusal_sets_failed(void **state)
{
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    for (int way = 0; way < 10; way++) {
        pond *p = test_pond_sized(NULL, "failed", 512);
        pond_limit(p, 2000);
        assert_false(pond_failed(p));
        assert_null(ask_too_much(p, way));
        if (!pond_failed(p))
            fail_msg("way %d did not set pond_failed", way);
        assert_true(charged(p) <= 2000);
        pond_destroy(p);
    }
    test_notes_clear();
}

/* --------------------------------------------------------- process limit */

static size_t committed(void)
{
    return pond_process_usage_get().committed_bytes;
}

static void within_a_process_limit(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "process");
    size_t limit = committed() + 40 * MIB;
    pond_process_limit(limit);
    CHECK(pond_process_usage_get().limit_bytes == limit);
    static const size_t sizes[] = {100, 5000, 30000, 300000, 3000000};
    for (int round = 0; round < 20; round++) {
        size_t size = sizes[round % 5];
        size_t got = 0;
        unsigned n = 0;
        for (char *at; (at = pond_alloc(p, test_hide(size))); got += size) {
            at[0] = 1;
            CHECK(++n % 200 || committed() <= limit);
        }
        CHECK(committed() <= limit);
        CHECK(pond_failed(p));
        CHECK(got >= 20 * MIB);
        CHECK(pond_alloc(p, test_hide(60 * MIB)) == NULL);
        pond_reset(p);
        CHECK(pond_alloc(p, test_hide(size)));
    }
    pond_process_limit(0);
    CHECK(pond_process_usage_get().limit_bytes == 0);
    CHECK(pond_alloc(p, test_hide(100 * MIB)));
    pond_destroy(p);
}

/* What lies idle in caches is given back before anything is refused. */
static void idle_memory_does_not_count(void *unused)
{
    (void)unused;
    static const size_t sizes[] = {400, 3000, 60000, 500000, 5000000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (size_t k = 0; k < COUNT(sizes); k++) {
            pond *p = test_pond(NULL, "idle");
            for (size_t n = 0; n < 30 * MIB; n += sizes[i])
                memset(pond_alloc(p, sizes[i]), 1, sizes[i]);
            size_t limit = committed();
            pond_destroy(p);
            pond_process_limit(limit);
            pond *q = test_pond(NULL, "idle");
            for (size_t n = 0; n < 20 * MIB; n += sizes[k])
                CHECK(pond_alloc(q, sizes[k]));
            CHECK(committed() <= limit);
            pond_destroy(q);
            pond_process_limit(0);
            pond_trim(UINT32_MAX);
        }
    }
}

/* A limit below what is there: nothing new, and what is held stays good. */
static void below_what_is_there(void *unused)
{
    (void)unused;
    pond *p = test_pond(NULL, "below");
    char *held = pond_alloc(p, test_hide(10 * MIB));
    CHECK(held);
    test_fill(held, 10 * MIB, 1);
    pond_process_limit(MIB);
    CHECK(pond_alloc(p, test_hide(3 * MIB)) == NULL);
    CHECK(test_holds(held, 10 * MIB, 1));
    pond_process_limit(1);
    CHECK(pond_alloc(p, test_hide(3 * MIB)) == NULL);
    pond_destroy(p);
    pond_process_limit(0);
    p = test_pond(NULL, "below");
    CHECK(pond_alloc(p, test_hide(10 * MIB)));
    pond_destroy(p);
}

static void process_limits(void **state)
{
    (void)state;
    test_needs_region();
    assert_int_equal(test_in_child(within_a_process_limit, NULL), 0);
    assert_int_equal(test_in_child(idle_memory_does_not_count, NULL), 0);
    assert_int_equal(test_in_child(below_what_is_there, NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(one_pond_is_exact),
        TEST(never_exceeded),
        TEST(large_objects_are_charged_whole),
        TEST(too_small_for_anything),
        TEST(ending_makes_room),
        TEST(nested_limits),
        TEST(a_limit_set_later),
        TEST(raised_lowered_removed),
        TEST(lowered_within_the_block),
        TEST(charges_do_not_drift),
        TEST(depth_costs_nothing),
        TEST(failed_is_set_on_the_one_asked),
        TEST(every_refusal_sets_failed),
        TEST(process_limits),
    };
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
