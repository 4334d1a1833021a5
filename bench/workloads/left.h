/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * left - 64 Ki objects of 16 B to 4 KiB, all written, of which 95% are freed:
 * at random (left-random), or the first ones, in order (left-ordered). Printed
 * are
 *
 *     live_mb       bytes in the objects that are left
 *     kept_mb       RSS (over the start) then
 *     released_mb   RSS after all idle memory was asked back
 *     over_live     the same but for 1 MiB, over those bytes
 */
static void left_measure(bool ordered)
{
    void **object = (void **)table_map(LIVE_OBJECTS * sizeof(void *));
    unsigned left = LIVE_OBJECTS, least = LIVE_OBJECTS / 20;
    size_t live = 0, rss_before;
    uint64_t random = 6;
    store *s = store_begin(0);

    rss_before = rss_bytes();
    for (unsigned i = 0; i < LIVE_OBJECTS; i++) {
        size_t size = mixed_sizes[i % MIXED_SIZES];
        object[i] = must(store_alloc(s, size));
        object_write(object[i], size);
        live += size;
    }
    while (left > least) {
        unsigned i =
            ordered ? LIVE_OBJECTS - left : random_below(&random, LIVE_OBJECTS);
        if (object[i] == NULL)
            continue;
        store_free(s, object[i]);
        object[i] = NULL;
        live -= mixed_sizes[i % MIXED_SIZES];
        left--;
    }
    double kept = (double)rss_bytes() - (double)rss_before;
    store_release();
    double released = (double)rss_bytes() - (double)rss_before;
    figure_print("live_mb", (double)live / 1e6);
    figure_print("kept_mb", kept / 1e6);
    figure_print("released_mb", released / 1e6);
    figure_print("over_live", (released - 1024 * 1024) / (double)live);
}

static void left_random_run(void)
{
    left_measure(false);
}

static void left_ordered_run(void)
{
    left_measure(true);
}
