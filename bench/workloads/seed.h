/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seed - the loop of the blog post: a pool, 5000 objects of 1000 bytes, the
 * end of the pool. Untouched as in the post, and with every byte written.
 */
enum { SEED_OBJECTS = 5000, SEED_BYTES = 1000 };

static ALWAYS_INLINE void seed_body(struct work *w, bool check,
                                    enum touch touch)
{
    for (unsigned i = 0; i < w->repeat; i++) {
        pool *p = pool_begin("seed", SEED_OBJECTS, SEED_OBJECTS * SEED_BYTES);
        for (unsigned j = 0; j < SEED_OBJECTS; j++)
            object_use(w, check, pool_alloc(p, SEED_BYTES), SEED_BYTES, touch);
        pool_end(p);
    }
}

ROUND_TWICE(seed, seed_body, UNTOUCHED)
ROUND_TWICE(seed_written, seed_body, WRITTEN)
