/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trim-latency - how long an idle moment can take: loads of all kinds are
 * ended (small pools, all or most of them, pools of 64 KiB, pools of 100 MB in
 * pieces and in one), and each time pond_trim(100) is called every
 * millisecond for a while. The longest call counts, in CPU time of the
 * thread. Pond alone has such a call.
 */
enum { TRIM_POOLS = 20000, TRIM_LOADS = 30, TRIM_CALLS = 600 };

/* Load number n is made and ended; every second one leaves some behind. */
static void trim_load(pool **table, uint64_t *random, unsigned n)
{
    static const unsigned highs[] = {9, 12, 15, 17};
    unsigned high = highs[n % 4];
    unsigned count = high == 17 ? TRIM_POOLS / 10 : TRIM_POOLS;
    pool *big = pool_begin_root("big", 1, BIG_BYTES);

    if (n % 5 == 1)
        object_write(must(pool_alloc(big, BIG_BYTES)), BIG_BYTES);
    else if (n % 5 == 3)
        pool_fill(big, random, BIG_BYTES);
    for (unsigned i = 0; i < count; i++) {
        pool *p = pool_begin_root("load", 8, 4096);
        pool_fill(p, random, random_size(random, 8, high));
        if (table[i] != NULL)
            pool_end(table[i]);
        table[i] = p;
    }
    for (unsigned i = 0; i < TRIM_POOLS; i++) {
        if (table[i] == NULL || (n % 2 && random_below(random, 10) == 0))
            continue;
        pool_end(table[i]);
        table[i] = NULL;
    }
    pool_end(big);
}

static void trim_run(void)
{
    unsigned loads = bench_smoke ? 2 : TRIM_LOADS;
    pool **table = table_map(TRIM_POOLS * sizeof(*table));
    double worst = 0, sum = 0, returned = 0;
    uint64_t random = 5;

    for (unsigned n = 0; n < loads; n++) {
        trim_load(table, &random, n);
        for (unsigned i = 0; i < TRIM_CALLS; i++) {
            uint64_t start = clock_thread_ns();
            returned += (double)pond_trim(100);
            double us = (double)(clock_thread_ns() - start) / 1e3;
            worst = us > worst ? us : worst;
            sum += us;
            sleep_us(1000);
        }
    }
    figure_print("worst_us", worst);
    figure_print("mean_us", sum / (loads * TRIM_CALLS));
    figure_print("calls", loads * TRIM_CALLS);
    figure_print("returned_mb", returned / 1e6);
}
