/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * aged - a heap that has seen much: 5,000 long-lived and 1,000 short-lived
 * pools grow and are replaced at random, interleaved, for 10 million
 * operations (an operation is one object, or the end of a pool and the begin
 * of its successor). Printed are
 *
 *     over_live        RSS (over the start) to the bytes in live objects, the
 *                      worst of samples taken every 1% of the operations
 *     over_reserved    the same to the bytes of the live pools' blocks
 *     speed_request    time of the request workload on the aged heap to that
 *                      on the fresh one, medians
 *     speed_operation  time of the mix, last tenth to first
 *     kept_mb          RSS after 90% of the pools ended at random
 *     released_mb      the same after all idle memory was asked back
 *
 * Times are taken in units of the CPU's pace at that moment, since minutes may
 * lie between the two sides of a ratio.
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
    double over_live, over_reserved; /* at the worst moment */
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

/* Time of the request workload, the median of 21 short runs. */
static double aged_request_time(void)
{
    enum { RUNS = 21 };
    struct work w = {.repeat = 5000};
    double times[RUNS];

    request_timed(&w);
    for (int i = 0; i < RUNS; i++) {
        double pace = clock_pace_ns();
        uint64_t start = clock_thread_ns();
        request_timed(&w);
        times[i] = (double)(clock_thread_ns() - start) / pace;
    }
    return median_of(times, RUNS);
}

static size_t aged_reserved(struct aged *a)
{
    size_t bytes = 0;

    for (unsigned i = 0; i < AGED_POOLS; i++)
        bytes += pool_reserved(a->pool[i]);
    return bytes;
}

/* A hundredth of the operations; returns their time. */
static double aged_step(struct aged *a, size_t rss_before)
{
    unsigned n = AGED_OPERATIONS / AGED_SAMPLES / (bench_smoke ? 50u : 1u);
    double pace = clock_pace_ns();
    uint64_t start = clock_thread_ns();

    for (unsigned i = 0; i < n; i++)
        aged_operate(a);
    double time = (double)(clock_thread_ns() - start) / pace;
    double rss = (double)rss_bytes() - (double)rss_before;
    if (rss / (double)a->live_bytes > a->over_live) {
        a->over_live = rss / (double)a->live_bytes;
        size_t reserved = aged_reserved(a);
        a->over_reserved = reserved > 0 ? rss / (double)reserved : 0;
    }
    return time;
}

/* 90% of the pools end at random; what is kept, before and after asking. */
static void aged_leave(struct aged *a, size_t rss_before)
{
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

static void aged_run(void)
{
    struct aged *a = table_map(sizeof(*a));
    double first = 0, last = 0;

    double fresh = aged_request_time();
    size_t rss_before = rss_bytes();
    a->random = 4;
    for (unsigned i = 0; i < AGED_POOLS; i++) {
        aged_begin(a, i);
        for (unsigned j = random_below(&a->random, 60); j > 0; j--)
            aged_grow(a, i);
    }
    for (unsigned s = 0; s < AGED_SAMPLES; s++) {
        double time = aged_step(a, rss_before);
        if (s < AGED_SAMPLES / 10)
            first += time;
        else if (s >= AGED_SAMPLES - AGED_SAMPLES / 10)
            last += time;
    }
    figure_print("live_mb", (double)a->live_bytes / 1e6);
    figure_print("over_live", a->over_live);
    if (a->over_reserved > 0)
        figure_print("over_reserved", a->over_reserved);
    figure_print("speed_request", aged_request_time() / fresh);
    figure_print("speed_operation", last / first);
    aged_leave(a, rss_before);
}
