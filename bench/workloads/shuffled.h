/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shuffled - 1024 objects of 64 bytes, the start of each touched, then freed
 * in a random order (eight orders in turn).
 */
static ALWAYS_INLINE void shuffled_body(struct work *w, bool check)
{
    static store *the_store;
    static void *object[SHUFFLED];

    if (the_store == NULL)
        the_store = store_begin(OBJECT_BYTES);
    store *s = the_store;
    for (unsigned i = 0; i < w->repeat; i++) {
        const uint16_t *order = shuffles[i % SHUFFLES];
        for (unsigned j = 0; j < SHUFFLED; j++) {
            object[j] = store_alloc(s, OBJECT_BYTES);
            object_use(w, check, object[j], OBJECT_BYTES, TOUCHED);
        }
        object_apart();
        for (unsigned j = 0; j < SHUFFLED; j++)
            store_free(s, object[order[j]]);
        object_apart();
    }
}

ROUND_TWICE(shuffled, shuffled_body)
