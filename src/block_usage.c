/* SPDX-License-Identifier: BSD-2-Clause */
/* block_usage.c - layer 2: what is where, found by walking the descriptors. */
#include "block_depot.h"

#include "os.h"

/* Idle bytes of a slice, and of them the ones on pages given back. */
static void slice_usage(const struct slice *d, struct block_usage *u)
{
    size_t unit = unit_bytes(), idle = 0, clean = 0;
    if (d->class == SLICE_FREE)
        idle = BLOCK_SLICE;
    else if (d->class != SLICE_RUN)
        idle = d->n_free * block_bytes(d->class);
    else
        idle = clean = (size_t)__builtin_popcount(slice_lent_gone(d)) * unit;
    if (idle > clean)
        clean = (size_t)__builtin_popcount(slice_idle_units(d) &
                                           ~(unsigned)d->dirty) *
                unit;
    u->taken += BLOCK_SLICE - idle;
    u->idle += idle - clean;
    u->purged += clean;
}

struct block_usage block_usage_get(void)
{
    struct block_usage u = {0};
    size_t page = os_page_size();
    pthread_mutex_lock(&depot.lock);
    for (const struct segment *s = depot.segments; s; s = s->all_next) {
        u.mapped += SEGMENT_BYTES;
        u.header += page;
        u.purged += BLOCK_SLICE - page; /* the rest of slice 0 */
        for (unsigned i = 1; i < SEGMENT_SLICES; i++)
            slice_usage(&s->slice[i], &u);
    }
    u.mapped += depot.large_taken + depot.large_idle_bytes;
    size_t headers = depot.n_large * sizeof(struct large);
    u.taken += depot.large_taken - headers;
    u.header += headers;
    u.idle += depot.large_idle_bytes;
    u.committed = depot.committed;
    u.limit = depot.limit;
    pthread_mutex_unlock(&depot.lock);
    return u;
}

static void visit_slice(struct segment *s, unsigned i,
                        void (*fn)(char *, unsigned, void *), void *arg)
{
    const struct slice *d = &s->slice[i];
    if (d->class == SLICE_FREE)
        return;
    if (d->class == SLICE_RUN) {
        if (d->first == i)
            fn(slice_base(s, i), BLOCK_RUN, arg);
        return;
    }
    size_t bytes = block_bytes(d->class);
    for (unsigned b = 0; b < BLOCK_SLICE / bytes; b++)
        if (!(d->free[b / 64] >> (b % 64) & 1))
            fn(slice_base(s, i) + b * bytes, d->class, arg);
}

void block_visit(void (*fn)(char *base, unsigned class, void *arg), void *arg)
{
    pthread_mutex_lock(&depot.lock);
    for (struct segment *s = depot.segments; s; s = s->all_next)
        for (unsigned i = 1; i < SEGMENT_SLICES; i++)
            visit_slice(s, i, fn, arg);
    pthread_mutex_unlock(&depot.lock);
}
