/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * create - what a pool itself costs: create it, one object of 64 bytes with
 * its first byte touched, destroy it.
 */
static ALWAYS_INLINE void create_body(struct work *w, bool check)
{
    for (unsigned i = 0; i < w->repeat; i++) {
        pool *p = pool_begin("create", 1, 64);
        object_use(w, check, pool_alloc(p, 64), 64, TOUCHED);
        pool_end(p);
    }
}

ROUND_TWICE(create, create_body)
