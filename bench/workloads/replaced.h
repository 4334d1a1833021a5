/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replaced - 64 Ki objects of 64 bytes live; a random one is freed and another
 * allocated in its place, its start touched.
 */
static ALWAYS_INLINE void replaced_body(struct work *w, bool check)
{
    static store *the_store;
    static void *object[LIVE_OBJECTS];
    static uint64_t random_state;

    if (the_store == NULL) {
        the_store = store_begin(OBJECT_BYTES);
        for (unsigned i = 0; i < LIVE_OBJECTS; i++)
            object[i] = must(store_alloc(the_store, OBJECT_BYTES));
    }
    store *s = the_store;
    uint64_t random = random_state;
    unsigned n_pairs = w->repeat * PER_REPEAT;
    for (unsigned i = 0; i < n_pairs; i++) {
        unsigned at = random_next(&random) % LIVE_OBJECTS;
        store_free(s, object[at]);
        object_apart();
        object[at] = store_alloc(s, OBJECT_BYTES);
        object_use(w, check, object[at], OBJECT_BYTES, TOUCHED);
    }
    random_state = random;
}

ROUND_TWICE(replaced, replaced_body)
