/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sawtooth - load that comes and goes: up to 10,000 pools live, of 512 B to
 * 64 KiB, down to 1,000 that are left at random, two seconds with idle
 * moments, and again, 60 times. At every trough RSS (over the start) is set
 * against the bytes that the pools left have reserved, and those they use.
 */
enum { SAW_HIGH = 10000, SAW_LOW = 1000, SAW_TEETH = 60 };

struct saw {
    pool *pool[SAW_HIGH];
    size_t used[SAW_HIGH];
    double over_used[SAW_TEETH];
    double over_reserved[SAW_TEETH];
};

static void saw_up(struct saw *s, uint64_t *random)
{
    for (unsigned i = SAW_LOW; i < SAW_HIGH; i++) {
        size_t bytes = random_size(random, 9, 16);
        s->pool[i] = pool_begin_root("sawtooth", 16, bytes);
        s->used[i] = pool_fill(s->pool[i], random, bytes);
    }
}

static void saw_down(struct saw *s, uint64_t *random)
{
    for (unsigned live = SAW_HIGH; live > SAW_LOW; live--) {
        unsigned i = random_below(random, live);
        pool_end(s->pool[i]);
        s->pool[i] = s->pool[live - 1];
        s->used[i] = s->used[live - 1];
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, unsigned n)
{
    qsort(values, n, sizeof(*values), compare_doubles);
    return values[n / 2];
}

static void sawtooth_run(void)
{
    unsigned teeth = bench_smoke ? 2 : SAW_TEETH;
    struct saw *s = table_map(sizeof(*s));
    uint64_t random = 2, worst_ns = 0;
    size_t rss_before = rss_bytes();
    double peak = 0;

    for (unsigned i = 0; i < SAW_LOW; i++) {
        s->pool[i] = pool_begin_root("sawtooth", 16, 1024);
        s->used[i] = pool_fill(s->pool[i], &random, 1024);
    }
    for (unsigned t = 0; t < teeth; t++) {
        size_t used = 0, reserved = 0;
        saw_up(s, &random);
        double rss = (double)rss_bytes() - (double)rss_before;
        peak = rss > peak ? rss : peak;
        saw_down(s, &random);
        idle_for_us(bench_smoke ? 600000 : 2000000, &worst_ns);
        rss = (double)rss_bytes() - (double)rss_before;
        for (unsigned i = 0; i < SAW_LOW; i++) {
            used += s->used[i];
            reserved += pool_reserved(s->pool[i]);
        }
        s->over_used[t] = rss / (double)used;
        s->over_reserved[t] = reserved > 0 ? rss / (double)reserved : 0;
    }
    figure_print("over_used_median", median_of(s->over_used, teeth));
    figure_print("over_used_worst", s->over_used[teeth - 1]);
    if (s->over_reserved[0] > 0) {
        figure_print("over_reserved_median",
                     median_of(s->over_reserved, teeth));
        figure_print("over_reserved_worst", s->over_reserved[teeth - 1]);
        figure_print("trim_worst_us", (double)worst_ns / 1e3);
    }
    figure_print("peak_mib", peak / 1048576);
}
