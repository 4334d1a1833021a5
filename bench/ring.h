/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_RING_H
#define BENCH_RING_H
/*
 * ring.h - a bounded queue from one thread to one other, of batches that are
 * filled and emptied in place. A batch costs one release and one acquire on
 * either side, so that the queue does not dominate what it carries.
 */
#include <sched.h>
#include <stdint.h>

enum { RING_BATCH = 16, RING_BATCHES = 4 };

struct ring {
    _Alignas(64) uint64_t filled;  /* batches put in, by the producer */
    _Alignas(64) uint64_t emptied; /* batches taken out, by the consumer */
    _Alignas(64) void *batch[RING_BATCHES][RING_BATCH];
};

static inline void ring_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* Spin first: the other side is about to move. Yield in the end, so that two
 * threads on one busy CPU still get on. */
static inline void ring_wait(const uint64_t *counter, uint64_t beyond)
{
    for (unsigned i = 0; __atomic_load_n(counter, __ATOMIC_ACQUIRE) < beyond;
         i++) {
        if (i < 4096)
            ring_pause();
        else
            sched_yield();
    }
}

/* The next batch to fill; then say so. */
static inline void **ring_fill_begin(struct ring *r)
{
    if (r->filled >= RING_BATCHES)
        ring_wait(&r->emptied, r->filled - RING_BATCHES + 1);
    return r->batch[r->filled % RING_BATCHES];
}

static inline void ring_fill_end(struct ring *r)
{
    __atomic_store_n(&r->filled, r->filled + 1, __ATOMIC_RELEASE);
}

/* The next batch to empty; then say so. */
static inline void **ring_empty_begin(struct ring *r)
{
    ring_wait(&r->filled, r->emptied + 1);
    return r->batch[r->emptied % RING_BATCHES];
}

static inline void ring_empty_end(struct ring *r)
{
    __atomic_store_n(&r->emptied, r->emptied + 1, __ATOMIC_RELEASE);
}

#endif
