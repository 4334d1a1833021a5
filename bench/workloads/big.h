/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * big-among-small - one pool of 100 MB among 1,000 small ones that come and
 * go while it grows; it ends, and the loop is idle. How long until RSS is
 * within a hundredth of 100 MB of what it was, and what is left of the 100 MB
 * after a second. Once made of small objects, once of a single one.
 */
enum { BIG_SMALL_POOLS = 1000, BIG_BYTES = 100 * 1000 * 1000 };

static void big_replace_small(pool **small, uint64_t *random)
{
    unsigned i = random_below(random, BIG_SMALL_POOLS);

    if (small[i] != NULL)
        pool_end(small[i]);
    small[i] = pool_begin_root("small", 8, 4096);
    pool_fill(small[i], random, random_size(random, 8, 13));
}

static pool *big_make(pool **small, uint64_t *random, bool single)
{
    pool *big = pool_begin_root("big", BIG_BYTES / 1000, BIG_BYTES);

    if (single) {
        object_write(must(pool_alloc(big, BIG_BYTES)), BIG_BYTES);
        return big;
    }
    for (unsigned i = 0; i < BIG_BYTES / 1000; i++) {
        object_write(must(pool_alloc(big, 1000)), 1000);
        if (i % 100 == 0)
            big_replace_small(small, random);
    }
    return big;
}

/* Seconds until RSS is back; 3 when it was not by then. */
static double big_wait(size_t rss_before, double *left_after_1s)
{
    uint64_t start = clock_wall_ns(), worst = 0;
    double back = 3, left = 0, seconds, patience = bench_smoke ? 1 : 3;

    *left_after_1s = -1;
    do {
        idle_for_us(10000, &worst);
        left = ((double)rss_bytes() - (double)rss_before) / 1e6;
        seconds = (double)(clock_wall_ns() - start) / 1e9;
        if (left <= 1 && back >= 3)
            back = seconds;
        if (seconds >= 1 && *left_after_1s < 0)
            *left_after_1s = left > 0 ? left : 0;
    } while (seconds < (back < 3 ? 1 : patience));
    return back;
}

static void big_run(void)
{
    pool *small[BIG_SMALL_POOLS] = {NULL};
    uint64_t random = 3, ignored = 0;
    double left;

    for (unsigned i = 0; i < 20 * BIG_SMALL_POOLS; i++)
        big_replace_small(small, &random);
    for (int single = 0; single < 2; single++) {
        idle_for_us(bench_smoke ? 100000 : 1000000, &ignored);
        size_t rss_before = rss_bytes();
        pool *big = big_make(small, &random, single);
        pool_end(big);
        double back = big_wait(rss_before, &left);
        figure_print(single ? "single_seconds" : "pieces_seconds", back);
        figure_print(single ? "single_left_mb" : "pieces_left_mb", left);
    }
}
