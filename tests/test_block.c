/* SPDX-License-Identifier: BSD-2-Clause */
/* test_block.c - the block source (layer 2) from inside: blocks, runs,
 * mappings, caches, trimming and the process limit. */
#define _GNU_SOURCE
#include "block_depot.h"
#include "os.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static struct block_cache cache;

static unsigned scale(unsigned volume)
{
    const char *percent = getenv("POND_TEST_SCALE");
    unsigned n = percent ? volume * (unsigned)atoi(percent) / 100 : volume;
    return n ? n : 1;
}

/* Every byte is somewhere, and what is written down is what is counted. */
static void check_sums(void)
{
    struct block_usage u = block_usage_get();
    assert_int_equal(u.mapped, u.taken + u.idle + u.purged + u.header);
    assert_true(u.committed >= u.taken / 2 || u.taken < 65536);
    size_t dirty = 0;
    pthread_mutex_lock(&depot.lock);
    for (struct segment *s = depot.segments; s; s = s->all_next) {
        dirty += os_page_size();
        for (unsigned i = 1; i < SEGMENT_SLICES; i++) {
            struct slice *d = &s->slice[i];
            dirty += (size_t)__builtin_popcount(d->dirty) * unit_bytes();
            assert_int_equal(d->aged & ~d->dirty, 0);
            assert_int_equal(d->class == SLICE_FREE, s->free >> i & 1);
            if (s->warm >> i & 1)
                assert_true(d->class == SLICE_FREE && d->dirty != 0);
            else if (d->class == SLICE_FREE)
                assert_int_equal(d->dirty, 0);
            if (d->class < SLICE_CLASSES) {
                unsigned n = (unsigned)(__builtin_popcountll(d->free[0]) +
                                        __builtin_popcountll(d->free[1]));
                assert_int_equal(n, d->n_free);
                assert_true(n < BLOCK_SLICE / block_bytes(d->class));
            }
        }
    }
    dirty += depot.large_taken + depot.large_idle_bytes;
    assert_int_equal(dirty, depot.committed);
    pthread_mutex_unlock(&depot.lock);
}

static int set_up(void **state)
{
    (void)state;
    block_cache_share(1);
    block_cache_init(&cache);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    block_cache_flush(&cache);
    block_limit(0);
    block_trim(0, true);
    check_sums();
    assert_int_equal(block_usage_get().taken, 0);
    assert_true(depot.n_segments <= 1);
    return 0;
}

static void classes_are_powers_of_two(void **state)
{
    (void)state;
    assert_int_equal(block_class_for(0), 0);
    assert_int_equal(block_class_for(512), 0);
    assert_int_equal(block_class_for(513), 1);
    for (unsigned c = 0; c <= BLOCK_CLASS_MAX; c++) {
        assert_int_equal(block_class_for(block_bytes(c)), c);
        if (c < BLOCK_CLASS_MAX)
            assert_int_equal(block_class_for(block_bytes(c) + 1), c + 1);
    }
}

static void blocks_are_aligned_and_found(void **state)
{
    (void)state;
    for (unsigned c = 0; c <= BLOCK_CLASS_64K; c++) {
        struct block_grant g = block_take(&cache, c);
        assert_non_null(g.base);
        assert_int_equal((uintptr_t)g.base % block_bytes(c), 0);
        size_t colour = block_colour(g.base, c);
        assert_true(colour <= 448 && colour % 64 == 0);
        assert_int_equal(block_colour(g.base + colour, c), colour);
        for (size_t at = 0; at < block_bytes(c); at += 496) {
            struct block_place p = block_find(g.base + at);
            assert_ptr_equal(p.base, g.base);
            assert_int_equal(p.class, c == BLOCK_CLASS_64K ? BLOCK_RUN : c);
        }
        block_give(&cache, g.base, c);
        check_sums();
    }
}

static void fresh_blocks_are_zero_and_say_so(void **state)
{
    (void)state;
    struct block_grant g = block_take_run(3 * BLOCK_SLICE, false);
    assert_true(g.zero);
    for (size_t i = 0; i < 3 * BLOCK_SLICE; i++)
        assert_int_equal(g.base[i], 0);
    memset(g.base, 7, 3 * BLOCK_SLICE);
    block_give_run(g.base);
    struct block_grant again = block_take_run(2 * BLOCK_SLICE, false);
    assert_ptr_equal(again.base, g.base); /* warm memory first */
    assert_false(again.zero);
    block_give_run(again.base);
    block_trim(0, true);
    again = block_take_run(3 * BLOCK_SLICE, false);
    assert_true(again.zero);
    for (size_t i = 0; i < 3 * BLOCK_SLICE; i++)
        assert_int_equal(again.base[i], 0);
    block_give_run(again.base);
}

static void idle_blocks_are_never_written(void **state)
{
    (void)state;
    enum { N = 300 };
    static char *block[N];
    for (int i = 0; i < N; i++) {
        block[i] = block_take(&cache, 1).base;
        memset(block[i], i, 1024);
    }
    for (int i = 0; i < N; i++)
        block_give(&cache, block[i], 1);
    block_cache_flush(&cache);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < 1024; k++)
            assert_int_equal(block[i][k], (char)i);
}

static void runs_grow_and_shrink_in_place(void **state)
{
    (void)state;
    char *a = block_take_run(2 * BLOCK_SLICE, false).base;
    assert_int_equal(block_run_bytes(a), 2 * BLOCK_SLICE);
    assert_true(block_resize_run(a, 5 * BLOCK_SLICE - 10));
    assert_int_equal(block_run_bytes(a), 5 * BLOCK_SLICE);
    memset(a, 1, 5 * BLOCK_SLICE);
    assert_ptr_equal(block_find(a + 5 * BLOCK_SLICE - 1).base, a);
    char *b = block_take_run(1, false).base;
    assert_ptr_equal(b, a + 5 * BLOCK_SLICE);
    assert_false(block_resize_run(a, 6 * BLOCK_SLICE));
    assert_false(block_resize_run(a, (size_t)64 << 20));
    check_sums();
    assert_true(block_resize_run(a, 1));
    assert_int_equal(block_run_bytes(a), BLOCK_SLICE);
    check_sums();
    char *c = block_take_run(4 * BLOCK_SLICE, false).base;
    assert_ptr_equal(c, a + BLOCK_SLICE); /* what a gave up */
    assert_false(block_resize_run(b, 31 * BLOCK_SLICE));
    block_give_run(a);
    block_give_run(b);
    block_give_run(c);
}

static void a_segment_fills_from_the_shortest_gap(void **state)
{
    (void)state;
    char *run[31];
    for (int i = 0; i < 31; i++)
        run[i] = block_take_run(1, false).base;
    assert_int_equal(depot.n_segments, 1);
    block_give_run(run[3]);
    block_give_run(run[10]);
    block_give_run(run[11]);
    char *other = block_take_run(3 * BLOCK_SLICE, false).base;
    assert_int_equal(depot.n_segments, 2);
    char *two = block_take_run(2 * BLOCK_SLICE, false).base;
    assert_ptr_equal(two, run[10]);
    char *one = block_take_run(1, false).base;
    assert_ptr_equal(one, run[3]);
    block_give_run(other);
    block_give_run(two);
    block_give_run(one);
    for (int i = 0; i < 31; i++)
        if (i != 3 && i != 10 && i != 11)
            block_give_run(run[i]);
}

static void mappings_are_kept_and_resized(void **state)
{
    (void)state;
    size_t mib = (size_t)1 << 20;
    struct block_grant g = block_take_run(3 * mib, false);
    assert_true(g.base && g.zero);
    assert_int_equal((uintptr_t)g.base % SEGMENT_BYTES, sizeof(struct large));
    assert_true(block_run_bytes(g.base) >= 3 * mib);
    assert_ptr_equal(block_find(g.base + mib).base, g.base);
    memset(g.base, 1, 3 * mib);
    block_give_run(g.base);
    assert_int_equal(block_usage_get().taken, 0);
    struct block_grant h = block_take_run(5 * mib / 2, false);
    assert_ptr_equal(h.base, g.base); /* kept, and wastes under a quarter */
    assert_false(h.zero);
    assert_true(block_resize_run(h.base, 3 * mib / 2));
    assert_true(block_run_bytes(h.base) < 2 * mib);
    bool grew = block_resize_run(h.base, 9 * mib); /* if there is room */
    if (grew)
        memset(h.base, 2, 9 * mib);
    assert_false(block_resize_run(h.base, SIZE_MAX - 100));
    check_sums();
    char *small = block_take_run(2 * mib, false).base;
    assert_ptr_not_equal(small, h.base);
    block_give_run(h.base);
    block_give_run(small);
    assert_null(block_take_run(SIZE_MAX - 5, false).base);
    assert_null(block_take_run((size_t)1 << 60, false).base);
    char *huge = block_take_run(100 * mib, true).base;
    assert_non_null(huge);
    block_give_run(huge); /* too large to keep */
    assert_true(block_usage_get().idle < 100 * mib);
}

static void huge_segments_are_apart(void **state)
{
    (void)state;
    char *a = block_take_run(1, true).base, *b = block_take_run(1, false).base;
    assert_ptr_not_equal(segment_of(a), segment_of(b));
    assert_true(segment_of(a)->huge && !segment_of(b)->huge);
    block_give_run(a);
    block_give_run(b);
}

static void a_cache_is_bounded(void **state)
{
    (void)state;
    enum { N = 6000 };
    static char *block[N];
    for (unsigned c = 0; c <= BLOCK_CLASS_64K; c++) {
        unsigned n = c < 5 ? N : 200;
        for (unsigned i = 0; i < n; i++)
            block[i] = block_take(&cache, c).base;
        for (unsigned i = 0; i < n; i++)
            block_give(&cache, block[i], c);
        assert_true(block_cache_bytes(&cache) <= block_cache_bound());
    }
    assert_int_equal(block_cache_bound(), 2 << 20);
    block_cache_share(64);
    assert_int_equal(block_cache_bound(), (32 << 20) / 64);
    block_cache_share(100000); /* hardly anything is left for each */
    block_cache_flush(&cache);
    for (unsigned c = 0; c <= BLOCK_CLASS_64K; c++) {
        char *a = block_take(&cache, c).base, *b = block_take(&cache, c).base;
        block_give(&cache, a, c);
        block_give(&cache, b, c);
    }
    block_cache_share(1);
}

static size_t resident(const char *from, size_t bytes)
{
    static unsigned char map[1024];
    size_t n = 0, page = os_page_size();
    assert_int_equal(mincore((void *)(uintptr_t)from, bytes, map), 0);
    for (size_t i = 0; i < bytes / page; i++)
        n += map[i] & 1;
    return n * page;
}

/* Trim as an event loop would, until nothing more comes or a second is over. */
static size_t trim_for(uint64_t us)
{
    size_t given = 0;
    uint64_t start = os_now();
    while (os_now() - start < us) {
        given += block_trim(100, false);
        usleep(10000);
    }
    return given;
}

static void what_lies_idle_goes_back(void **state)
{
    (void)state;
    char *keep = block_take(NULL, 3).base, *run[20];
    memset(keep, 1, 4096);
    for (int i = 0; i < 20; i++) {
        run[i] = block_take_run(BLOCK_RUN_MAX, false).base;
        memset(run[i], 1, BLOCK_RUN_MAX);
    }
    for (int i = 0; i < 20; i++)
        block_give_run(run[i]);
    size_t before = block_usage_get().committed;
    block_trim(0, false); /* a first look gives nothing back */
    assert_true(block_usage_get().committed + BLOCK_SLICE >= before);
    size_t given = trim_for(1000000);
    assert_true(given >= 20 * BLOCK_RUN_MAX);
    assert_true(block_usage_get().committed < BLOCK_RUN_MAX);
    check_sums();
    assert_int_equal(keep[4095], 1);
    trim_for(1500000);
    assert_int_equal(depot.n_segments, 1); /* the rest is unmapped */
    block_give(NULL, keep, 3);
}

static void idle_pages_of_used_slices_go_back(void **state)
{
    (void)state;
    char *block[64];
    for (int i = 0; i < 64; i++) {
        block[i] = block_take(NULL, 1).base; /* four to a page */
        memset(block[i], 1, 1024);
    }
    char *slice = slice_base(segment_of(block[0]), slice_index(block[0]));
    assert_int_equal(resident(slice, BLOCK_SLICE), BLOCK_SLICE);
    for (int i = 0; i < 64; i++)
        if (i % 16 != 0)
            block_give(NULL, block[i], 1);
    block_trim(0, true);
    assert_int_equal(resident(slice, BLOCK_SLICE), 4 * 4096);
    for (int i = 0; i < 64; i += 16)
        assert_int_equal(block[i][1023], 1);
    check_sums();
    struct block_grant g = block_take(NULL, 1); /* on a page in use first */
    assert_int_equal(resident(slice, BLOCK_SLICE), 4 * 4096);
    block_give(NULL, g.base, 1);
    for (int i = 0; i < 64; i += 16)
        block_give(NULL, block[i], 1);
}

static void the_limit_holds(void **state)
{
    (void)state;
    char *first = block_take(NULL, 0).base;
    size_t limit = block_usage_get().committed + 10 * BLOCK_SLICE;
    block_limit(limit);
    char *run[64];
    int n = 0;
    while ((run[n] = block_take_run(1, false).base) != NULL)
        n++;
    assert_int_equal(n, 10);
    assert_null(block_take_run((size_t)3 << 20, false).base);
    check_sums();
    block_give_run(run[9]);
    char *small[200];
    int k = 0; /* idle pages are given back to make room for others */
    while (k < 200 && (small[k] = block_take(NULL, 3).base) != NULL)
        k++;
    assert_int_equal(k, 16);
    assert_true(block_usage_get().committed <= limit);
    assert_false(block_resize_run(run[0], 2 * BLOCK_SLICE));
    check_sums();
    while (k > 0)
        block_give(NULL, small[--k], 3);
    for (int i = 0; i < 9; i++)
        block_give_run(run[i]);
    block_limit(1);
    assert_null(block_take(NULL, 5).base);
    assert_null(block_take_run(1, true).base); /* not even a header */
    block_limit(0);
    block_give(NULL, first, 0);
}

static void visit_one(char *base, unsigned class, void *arg)
{
    (void)base;
    size_t *sum = arg;
    *sum += class == BLOCK_RUN ? block_run_bytes(base) : block_bytes(class);
}

/* Random traffic against a plain list of what is taken. */
static void random_traffic(void **state)
{
    (void)state;
    enum { LIVE = 2000 };
    static struct live {
        char *base;
        size_t bytes;
        unsigned class;
        unsigned char mark;
    } live[LIVE];
    unsigned seed = 12345, n = scale(400000);
    for (unsigned i = 0; i < n; i++) {
        struct live *l = &live[rand_r(&seed) % LIVE];
        if (l->base) {
            assert_int_equal((unsigned char)l->base[0], l->mark);
            assert_int_equal((unsigned char)l->base[l->bytes - 1], l->mark);
            if (l->class == BLOCK_RUN)
                block_give_run(l->base);
            else
                block_give(i % 7 ? &cache : NULL, l->base, l->class);
            l->base = NULL;
        } else {
            unsigned r = (unsigned)rand_r(&seed);
            l->class = r % 100 < 3 ? BLOCK_RUN : r % 97 % BLOCK_CACHED;
            l->bytes = block_bytes(l->class);
            struct block_grant g;
            if (l->class == BLOCK_RUN) {
                g = block_take_run(r % (r % 50 ? BLOCK_RUN_MAX : 4000000),
                                   false);
                l->bytes = g.base ? block_run_bytes(g.base) : 0;
            } else {
                g = block_take(i % 5 ? &cache : NULL, l->class);
            }
            l->base = g.base;
            l->mark = (unsigned char)i;
            assert_non_null(g.base);
            if (g.zero)
                assert_true(g.base[0] == 0 && g.base[l->bytes - 1] == 0);
            g.base[0] = g.base[l->bytes - 1] = (char)l->mark;
        }
        if (i % 5000 == 0)
            block_trim(100, i % 20000 == 0);
        if (i % 20000 == 0)
            check_sums();
    }
    size_t sum = 0, mapped = 0;
    for (int i = 0; i < LIVE; i++) {
        struct live *l = &live[i];
        if (l->base == NULL)
            continue;
        mapped += l->bytes > BLOCK_RUN_MAX ? l->bytes : 0;
    }
    block_visit(visit_one, &sum);
    assert_int_equal(sum + mapped, block_usage_get().taken);
    for (int i = 0; i < LIVE; i++) {
        if (live[i].base && live[i].class == BLOCK_RUN)
            block_give_run(live[i].base);
        else if (live[i].base)
            block_give(&cache, live[i].base, live[i].class);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(classes_are_powers_of_two),
        TEST(blocks_are_aligned_and_found),
        TEST(fresh_blocks_are_zero_and_say_so),
        TEST(idle_blocks_are_never_written),
        TEST(runs_grow_and_shrink_in_place),
        TEST(a_segment_fills_from_the_shortest_gap),
        TEST(mappings_are_kept_and_resized),
        TEST(huge_segments_are_apart),
        TEST(a_cache_is_bounded),
        TEST(what_lies_idle_goes_back),
        TEST(idle_pages_of_used_slices_go_back),
        TEST(the_limit_holds),
        TEST(random_traffic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
