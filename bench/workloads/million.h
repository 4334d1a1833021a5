/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fixed-million - a million objects of 64 bytes allocated and freed, in the
 * order they came, the other way round, and in a random one: the blocks that
 * the pool has after that, and the bytes of its pond. Pond alone tells.
 */
enum { MILLION = 1000000 };

static void million_free(store *s, void **object, unsigned n, int order)
{
    uint64_t random = 7;

    for (unsigned i = 0; i < n; i++) {
        unsigned at = order == 0   ? i
                      : order == 1 ? n - 1 - i
                                   : i + random_below(&random, n - i);
        store_free(s, object[at]);
        object[at] = object[i];
    }
}

static void million_run(void)
{
    unsigned n = bench_smoke ? MILLION / 100 : MILLION;
    void **object = table_map(MILLION * sizeof(void *));
    size_t blocks = 0, bytes = 0;

    for (int order = 0; order < 3; order++) {
        pond *p = must(pond_create(NULL, "million"));
        store *s = must(pond_fixed_create(p, OBJECT_BYTES));
        size_t before = pond_usage_get(p).n_blocks;
        for (unsigned i = 0; i < n; i++)
            object_write(object[i] = must(store_alloc(s, 0)), OBJECT_BYTES);
        million_free(s, object, n, order);
        pond_usage u = pond_usage_get(p);
        if (u.n_blocks - before > blocks)
            blocks = u.n_blocks - before;
        if (u.reserved_bytes > bytes)
            bytes = u.reserved_bytes;
        pond_destroy(p);
    }
    figure_print("blocks_left", (double)blocks);
    figure_print("pond_kib", (double)bytes / 1024);
}
