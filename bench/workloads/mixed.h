/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mixed - the same with sizes of 16 B to 4 KiB, each power of two as likely as
 * the next: a random object is freed and one of another size allocated in its
 * place, its start touched.
 */
static ALWAYS_INLINE void mixed_body(struct work *w, bool check)
{
    static store *the_store;
    static void *object[LIVE_OBJECTS];
    static uint64_t random_state;
    static unsigned n;

    if (the_store == NULL) {
        the_store = store_begin(0);
        for (unsigned i = 0; i < LIVE_OBJECTS; i++)
            object[i] =
                must(store_alloc(the_store, mixed_sizes[n++ % MIXED_SIZES]));
    }
    store *s = the_store;
    uint64_t random = random_state;
    unsigned n_pairs = w->repeat * PER_REPEAT;
    for (unsigned i = 0; i < n_pairs; i++) {
        unsigned at = random_next(&random) % LIVE_OBJECTS;
        size_t size = mixed_sizes[n++ % MIXED_SIZES];
        store_free(s, object[at]);
        object_apart();
        object[at] = store_alloc(s, size);
        object_use(w, check, object[at], size, TOUCHED);
    }
    random_state = random;
}

ROUND_TWICE(mixed, mixed_body)
