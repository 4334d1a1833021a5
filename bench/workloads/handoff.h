/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handoff - pools made and filled on one thread and destroyed on another, as
 * when one thread accepts and parses and another ends the work. The pools
 * travel in batches of 16; at most 64 are under way.
 */
#include "../ring.h"

struct handoff {
    struct ring ring;
    unsigned batches;
};

static void handoff_consume(void *arg)
{
    struct handoff *h = arg;

    for (unsigned i = 0; i < h->batches; i++) {
        void **batch = ring_empty_begin(&h->ring);
        for (unsigned j = 0; j < RING_BATCH; j++)
            pool_end(batch[j]);
        ring_empty_end(&h->ring);
    }
}

static ALWAYS_INLINE void handoff_body(struct work *w, bool check)
{
    static struct handoff h;

    h.ring.filled = h.ring.emptied = 0;
    h.batches = w->repeat;
    second_start(handoff_consume, &h);
    for (unsigned i = 0; i < w->repeat; i++) {
        void **batch = ring_fill_begin(&h.ring);
        for (unsigned j = 0; j < RING_BATCH; j++) {
            pool *p = pool_begin_root("handoff", REQUEST_OBJECTS, 48 * 1024);
            request_fill(w, check, p, i * RING_BATCH + j);
            pool_hand_over(p);
            batch[j] = p;
        }
        ring_fill_end(&h.ring);
    }
    second_wait();
}

ROUND_TWICE(handoff, handoff_body)
