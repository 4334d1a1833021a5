/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shifting - 64 Ki objects live, 10 million times a random one is replaced, and
 * the mix of sizes shifts with every million. All bytes are written.
 *
 * heap-shifting: a mix is sixteen sizes of 16 B to 4 KiB, two from each power
 * of two, as likely as each other: as of a program that now makes these
 * structs and then those. What is live stays about the same.
 *
 * heap-bands: three in four come from a band of two powers of two, the fourth
 * from 16 B to 4 KiB. The bands go up and down, and what is live with them,
 * tenfold; the last goes down, to 32 B .. 127 B behind 512 B .. 2 KiB.
 *
 * Printed are
 *
 *     live_mb           bytes in live objects at the end
 *     over_live_end     RSS (over the start) to those bytes
 *     over_live_worst   the worst of samples taken every 1%
 *     over_live_idle    as at the end, after two seconds of idle moments
 *     ns                for one replacement, writing included
 */
enum {
    SHIFTING_MIXES = 10,
    SHIFTING_SAMPLES = 10, /* a mix */
    SHIFTING_REPLACED = 1000000,
    SHIFTING_SIZES = 16,
    SHIFTING_IDLE_US = 2000000
};

struct shifting {
    void *object[LIVE_OBJECTS];
    size_t size[LIVE_OBJECTS];
    store *from;
    size_t live_bytes;
    size_t sizes[SHIFTING_SIZES]; /* of this mix, or */
    unsigned band;                /* of this mix; 0: it has sizes */
    uint64_t random;
};

static void shifting_mix(struct shifting *s, unsigned mix, bool bands)
{
    static const unsigned band[SHIFTING_MIXES] = {6, 9,  5, 8, 4,
                                                  7, 10, 6, 9, 5};

    if (bands)
        s->band = band[mix];
    for (unsigned i = 0; i < SHIFTING_SIZES; i++)
        s->sizes[i] = random_size(&s->random, 4 + i / 2, 5 + i / 2);
}

static size_t shifting_size(struct shifting *s)
{
    if (s->band == 0)
        return s->sizes[random_below(&s->random, SHIFTING_SIZES)];
    if (random_below(&s->random, 4) == 0)
        return random_size(&s->random, 4, 12);
    return random_size(&s->random, s->band, s->band + 2);
}

static void shifting_put(struct shifting *s, unsigned at)
{
    size_t size = shifting_size(s);

    s->object[at] = must(store_alloc(s->from, size));
    object_write(s->object[at], size);
    s->size[at] = size;
    s->live_bytes += size;
}

static uint64_t shifting_replace(struct shifting *s, unsigned n)
{
    uint64_t start = clock_thread_ns();

    for (unsigned i = 0; i < n; i++) {
        unsigned at = random_below(&s->random, LIVE_OBJECTS);
        store_free(s->from, s->object[at]);
        s->live_bytes -= s->size[at];
        shifting_put(s, at);
    }
    return clock_thread_ns() - start;
}

static double shifting_over(const struct shifting *s, size_t rss_before)
{
    return ((double)rss_bytes() - (double)rss_before) / (double)s->live_bytes;
}

static void shifting_idle(void)
{
    uint64_t until = clock_wall_ns() + SHIFTING_IDLE_US * (uint64_t)1000;

    while (clock_wall_ns() < until) {
        store_idle();
        sleep_us(1000);
    }
}

static void shifting_measure(bool bands)
{
    unsigned n =
        SHIFTING_REPLACED / SHIFTING_SAMPLES / (bench_smoke ? 20u : 1u);
    struct shifting *s = (struct shifting *)table_map(sizeof(*s));
    double over = 0, worst = 0;
    uint64_t ns = 0;

    s->from = store_begin(0);
    size_t rss_before = rss_bytes();
    shifting_mix(s, 0, bands);
    for (unsigned i = 0; i < LIVE_OBJECTS; i++)
        shifting_put(s, i);
    for (unsigned i = 0; i < SHIFTING_MIXES * SHIFTING_SAMPLES; i++) {
        if (i % SHIFTING_SAMPLES == 0)
            shifting_mix(s, i / SHIFTING_SAMPLES, bands);
        ns += shifting_replace(s, n);
        over = shifting_over(s, rss_before);
        worst = over > worst ? over : worst;
    }
    figure_print("live_mb", (double)s->live_bytes / 1e6);
    figure_print("over_live_end", over);
    figure_print("over_live_worst", worst);
    shifting_idle();
    figure_print("over_live_idle", shifting_over(s, rss_before));
    figure_print("ns", (double)ns / (SHIFTING_MIXES * SHIFTING_SAMPLES * n));
}

static void shifting_run(void)
{
    shifting_measure(false);
}

static void bands_run(void)
{
    shifting_measure(true);
}
