/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * one_pool.h - the bodies for one pool at a time. A rival's file defines
 *
 *     pool                                  its type of a pool
 *     pool *pool_begin(name, objects, bytes)  the two numbers are hints, for
 *                                           rivals whose users must size
 *     void *pool_alloc(pool *, size_t)
 *     void pool_end(pool *)
 *
 * and includes this; one_pool_rounds is then its list.
 */
#include "workloads/seed.h"

#include "workloads/request.h"

#include "workloads/create.h"

static const struct round one_pool_rounds[] = {
    ROUND_TIMED("seed", seed),
    ROUND_TIMED("seed-written", seed_written),
    ROUND_TIMED("request", request),
    ROUND_TIMED("create", create),
    ROUND_END,
};
