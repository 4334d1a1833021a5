/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * aged - a heap that has seen much: 5,000 long-lived and 1,000 short-lived
 * pools grow and are replaced at random, interleaved, for 10 million
 * operations (an operation is one object, or the end of a pool and the begin
 * of its successor). Printed are
 *
 *     over_live        RSS (over the start) to the bytes in live objects, the
 *                      worst of samples taken every 1% of the operations
 *     speed_request    the request workload on the aged heap to the same on
 *                      the fresh one, medians
 *     speed_operation  an operation of the mix, last tenth to first
 *     kept_mb          RSS after 90% of the pools ended at random
 *     released_mb      the same after all idle memory was asked back
 */
enum {
    AGED_LONG = 5000,
    AGED_SHORT = 1000,
    AGED_POOLS = AGED_LONG + AGED_SHORT,
    AGED_OPERATIONS = 10000000,
    AGED_SAMPLES = 100,
};

struct aged {
    pool *pool[AGED_POOLS];
    size_t used[AGED_POOLS];
    size_t live_bytes;
    uint64_t random;
};

static void aged_grow(struct aged *a, unsigned i)
{
    size_t size = random_size(&a->random, 4, i < AGED_LONG ? 11 : 12);

    object_write(must(pool_alloc(a->pool[i], size)), size);
    a->used[i] += size;
    a->live_bytes += size;
}

static void aged_end(struct aged *a, unsigned i)
{
    pool_end(a->pool[i]);
    a->live_bytes -= a->used[i];
    a->pool[i] = NULL;
    a->used[i] = 0;
}

static void aged_begin(struct aged *a, unsigned i)
{
    bool is_long = i < AGED_LONG;

    a->pool[i] = pool_begin_root(is_long ? "connection" : "request", 40,
                                 is_long ? 8192 : 32768);
}

/* Of a hundred operations on short pools two replace one, so that they come
 * to 40 objects; of those on long ones three, which makes 30. */
static void aged_operate(struct aged *a)
{
    bool is_long = random_below(&a->random, 100) < 16;
    unsigned i = is_long ? random_below(&a->random, AGED_LONG)
                         : AGED_LONG + random_below(&a->random, AGED_SHORT);

    if (random_below(&a->random, 1000) < (is_long ? 32 : 24)) {
        aged_end(a, i);
        aged_begin(a, i);
    } else {
        aged_grow(a, i);
    }
}

/* ns of a request, the median of 21 short runs. */
static double aged_request_ns(void)
{
    enum { RUNS = 21 };
    const unsigned requests = 5000;
    struct work w = {.repeat = requests};
    double ns[RUNS];

    request_timed(&w);
    for (int i = 0; i < RUNS; i++) {
        uint64_t start = clock_thread_ns();
        request_timed(&w);
        ns[i] = (double)(clock_thread_ns() - start) / requests;
    }
    return median_of(ns, RUNS);
}

static void aged_run(void)
{
    unsigned step = AGED_OPERATIONS / AGED_SAMPLES / (bench_smoke ? 50u : 1u);
    struct aged *a = table_map(sizeof(*a));
    double worst = 0, first = 0, last = 0;

    double fresh_request = aged_request_ns();
    size_t rss_before = rss_bytes();
    a->random = 4;
    for (unsigned i = 0; i < AGED_POOLS; i++) {
        aged_begin(a, i);
        for (unsigned j = random_below(&a->random, 60); j > 0; j--)
            aged_grow(a, i);
    }
    for (unsigned s = 0; s < AGED_SAMPLES; s++) {
        uint64_t start = clock_thread_ns();
        for (unsigned i = 0; i < step; i++)
            aged_operate(a);
        double ns = (double)(clock_thread_ns() - start);
        *(s < AGED_SAMPLES / 10 ? &first : &last) +=
            s < AGED_SAMPLES / 10 || s >= AGED_SAMPLES * 9 / 10 ? ns : 0;
        double over =
            ((double)rss_bytes() - (double)rss_before) / (double)a->live_bytes;
        worst = over > worst ? over : worst;
    }
    figure_print("live_mb", (double)a->live_bytes / 1e6);
    figure_print("over_live", worst);
    figure_print("speed_request", aged_request_ns() / fresh_request);
    figure_print("speed_operation", last / first);
    for (unsigned left = AGED_POOLS; left > AGED_POOLS / 10;) {
        unsigned i = random_below(&a->random, AGED_POOLS);
        if (a->pool[i] != NULL) {
            aged_end(a, i);
            left--;
        }
    }
    double kept = (double)rss_bytes() - (double)rss_before;
    pool_release();
    double released = (double)rss_bytes() - (double)rss_before;
    figure_print("left_live_mb", (double)a->live_bytes / 1e6);
    figure_print("kept_mb", kept / 1e6);
    figure_print("released_mb", released / 1e6);
}
