/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shifting - 64 Ki objects live, 10 million times a random one is replaced, and
 * the mix of sizes shifts with every million: three in four then come from a
 * band of two powers of two, the fourth from 16 B to 4 KiB. The bands go up and
 * down; the last goes down, to 32 B .. 127 B behind 512 B .. 2 KiB. All bytes
 * are written. Printed are
 *
 *     live_mb           bytes in live objects at the end
 *     over_live_end     RSS (over the start) to those bytes
 *     over_live_worst   the worst of samples taken every 1%
 *     ns                for one replacement, writing included
 */
enum {
    SHIFTING_MIXES = 10,
    SHIFTING_SAMPLES = 10, /* a mix */
    SHIFTING_REPLACED = 1000000
};

struct shifting {
    void *object[LIVE_OBJECTS];
    size_t size[LIVE_OBJECTS];
    store *from;
    size_t live_bytes;
    uint64_t random;
};

static void shifting_put(struct shifting *s, unsigned at, unsigned band)
{
    bool any = random_below(&s->random, 4) == 0;
    size_t size = any ? random_size(&s->random, 4, 12)
                      : random_size(&s->random, band, band + 2);

    s->object[at] = must(store_alloc(s->from, size));
    object_write(s->object[at], size);
    s->size[at] = size;
    s->live_bytes += size;
}

static void shifting_replace(struct shifting *s, unsigned n, unsigned band)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned at = random_below(&s->random, LIVE_OBJECTS);
        store_free(s->from, s->object[at]);
        s->live_bytes -= s->size[at];
        shifting_put(s, at, band);
    }
}

static void shifting_run(void)
{
    static const unsigned bands[SHIFTING_MIXES] = {6, 9,  5, 8, 4,
                                                   7, 10, 6, 9, 5};
    unsigned step = SHIFTING_REPLACED / SHIFTING_SAMPLES;
    struct shifting *s = (struct shifting *)table_map(sizeof(*s));
    double over = 0, worst = 0;
    uint64_t ns = 0;

    if (bench_smoke)
        step /= 20;
    s->from = store_begin(0);
    size_t rss_before = rss_bytes();
    for (unsigned i = 0; i < LIVE_OBJECTS; i++)
        shifting_put(s, i, bands[0]);
    for (unsigned i = 0; i < SHIFTING_MIXES * SHIFTING_SAMPLES; i++) {
        uint64_t start = clock_thread_ns();
        shifting_replace(s, step, bands[i / SHIFTING_SAMPLES]);
        ns += clock_thread_ns() - start;
        over =
            ((double)rss_bytes() - (double)rss_before) / (double)s->live_bytes;
        worst = over > worst ? over : worst;
    }
    figure_print("live_mb", (double)s->live_bytes / 1e6);
    figure_print("over_live_end", over);
    figure_print("over_live_worst", worst);
    figure_print("ns", (double)ns / (SHIFTING_MIXES * SHIFTING_SAMPLES * step));
}
