/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay - objects of 64 bytes allocated and touched on one thread, read and
 * freed on another. They travel in batches of 16; at most 64 are under way.
 */
#include "../ring.h"

struct relay {
    struct ring ring;
    store *from;
    unsigned batches;
};

static void relay_consume(void *arg)
{
    struct relay *r = (struct relay *)arg;

    for (unsigned i = 0; i < r->batches; i++) {
        void **batch = ring_empty_begin(&r->ring);
        for (unsigned j = 0; j < RING_BATCH; j++) {
            if (batch[j] != NULL)
                (void)*(volatile int *)batch[j];
            store_free(r->from, batch[j]);
        }
        ring_empty_end(&r->ring);
    }
}

static ALWAYS_INLINE void relay_body(struct work *w, bool check)
{
    static struct relay r;

    if (r.from == NULL)
        r.from = store_begin(OBJECT_BYTES);
    r.ring.filled = r.ring.emptied = 0;
    r.batches = w->repeat;
    second_start(relay_consume, &r);
    for (unsigned i = 0; i < w->repeat; i++) {
        void **batch = ring_fill_begin(&r.ring);
        for (unsigned j = 0; j < RING_BATCH; j++) {
            batch[j] = store_alloc(r.from, OBJECT_BYTES);
            object_use(w, check, batch[j], OBJECT_BYTES, TOUCHED);
        }
        ring_fill_end(&r.ring);
    }
    second_wait();
}

ROUND_TWICE(relay, relay_body)
