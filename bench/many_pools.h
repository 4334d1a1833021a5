/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * many_pools.h - the bodies for many pools alive at once: the hand-over and
 * the memory programs. Beyond what one_pool.h wants (include that first) a
 * rival's file defines
 *
 *     pool *pool_begin_root(name, objects, bytes)  stands alone, may change
 *                                   threads
 *     pool *pool_begin_small(name)  one that its user knows to stay small
 *     void pool_hand_over(pool *)   said before another thread takes it
 *     void pool_idle(void)          what its user calls in an idle moment
 *     void pool_release(void)       give all idle memory back now
 *     size_t pool_reserved(pool *)  bytes of the blocks it holds; 0: unknown
 *
 * and includes this; many_pools_rounds is then its list.
 */
#include "workloads/handoff.h"

/* An event loop that has nothing to do for that long: every millisecond an
 * idle moment. The CPU time of the longest is kept in *worst_ns. */
static void idle_for_us(unsigned us, uint64_t *worst_ns)
{
    uint64_t until = clock_wall_ns() + (uint64_t)us * 1000;

    while (clock_wall_ns() < until) {
        uint64_t start = clock_thread_ns();
        pool_idle();
        uint64_t took = clock_thread_ns() - start;
        if (took > *worst_ns)
            *worst_ns = took;
        sleep_us(1000);
    }
}

/* Objects of 16 B to 4 KiB, all written, until the pool has that many bytes. */
static size_t pool_fill(pool *p, uint64_t *random, size_t bytes)
{
    size_t done = 0;

    while (done < bytes) {
        size_t size = random_size(random, 4, 12);
        if (size > bytes - done)
            size = bytes - done;
        object_write(must(pool_alloc(p, size)), size);
        done += size;
    }
    return done;
}

#include "workloads/idle.h"

#include "workloads/sawtooth.h"

#include "workloads/big.h"

#include "workloads/aged.h"

static const struct round many_pools_rounds[] = {
    ROUND_TIMED("handoff", handoff),
    ROUND_PROGRAM("idle", idle_run),
    ROUND_PROGRAM("idle-after-fat", idle_after_fat_run),
    ROUND_PROGRAM("sawtooth", sawtooth_run),
    ROUND_PROGRAM("big-among-small", big_run),
    ROUND_PROGRAM("aged", aged_run),
    ROUND_END,
};
