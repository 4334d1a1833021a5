/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idle - what an idle connection costs: 100,000 pools that hold one object of
 * 200 bytes, written. RSS over what it was before the first pool, for each.
 *
 * idle-after-fat - the same when pools of that class ended fat before, and
 * the user, who knows that these stay small, says so where he can.
 */
enum { IDLE_POOLS = 100000, IDLE_BYTES = 200 };
enum { FAT_POOLS = 64, FAT_BYTES = 64 * 1024, FAT_ROUNDS = 16 };

static void idle_measure(pool *(*begin)(void), size_t rss_before)
{
    size_t n = bench_smoke ? IDLE_POOLS / 10 : IDLE_POOLS;
    size_t table_bytes = IDLE_POOLS * sizeof(pool *);
    pool **table = table_map(table_bytes);

    for (size_t i = 0; i < n; i++) {
        table[i] = begin();
        object_write(must(pool_alloc(table[i], IDLE_BYTES)), IDLE_BYTES);
    }
    size_t rss = rss_bytes() - table_bytes;
    for (size_t i = 0; i < n; i++)
        pool_end(table[i]);
    figure_print("bytes_each", ((double)rss - (double)rss_before) / (double)n);
}

static pool *idle_begin(void)
{
    return pool_begin_root("idle", 1, IDLE_BYTES);
}

static pool *idle_begin_small(void)
{
    return pool_begin_small("idle");
}

static void idle_run(void)
{
    idle_measure(idle_begin, rss_bytes());
}

static void idle_after_fat_run(void)
{
    pool *fat[FAT_POOLS];
    uint64_t random = 1;
    size_t rss_before = rss_bytes();

    for (int i = 0; i < FAT_ROUNDS; i++) {
        for (int j = 0; j < FAT_POOLS; j++) {
            fat[j] = pool_begin_root("idle", 64, FAT_BYTES);
            pool_fill(fat[j], &random, FAT_BYTES);
        }
        for (int j = 0; j < FAT_POOLS; j++)
            pool_end(fat[j]);
    }
    pool_release();
    idle_measure(idle_begin_small, rss_before);
}
