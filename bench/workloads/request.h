/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request - what a server does per request: a pool, 40 objects of 16 B to
 * 4 KiB in an order that a branch predictor has not seen just before, the
 * first bytes of each touched, the end of the pool.
 */
static ALWAYS_INLINE void request_fill(struct work *w, bool check, pool *p,
                                       unsigned number)
{
    const uint16_t *sizes = request_sizes[number % REQUEST_SEQUENCES];

    for (unsigned i = 0; i < REQUEST_OBJECTS; i++)
        object_use(w, check, pool_alloc(p, sizes[i]), sizes[i], TOUCHED);
}

static ALWAYS_INLINE void request_body(struct work *w, bool check)
{
    for (unsigned i = 0; i < w->repeat; i++) {
        pool *p = pool_begin("request", REQUEST_OBJECTS, 48 * 1024);
        request_fill(w, check, p, i);
        pool_end(p);
    }
}

ROUND_TWICE(request, request_body)
