/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_lend.c - layer 2: pages that the holder of a 64 KiB block has no use
 * for, so that the trimmer can purge them while the block stays in use.
 *
 * slice.lent, one atomic word, holds a bit a page in each of three fields:
 *
 *     bits 0..15   LENT   set and cleared by the holder
 *     bits 16..31  FRESH  lent since the trimmer's last look
 *     bits 32..47  GONE   the trimmer has purged it, or is about to
 *
 * GONE is only set with the depot locked and while LENT is set, and LENT is
 * cleared without a lock. So a holder that clears LENT and finds GONE unset
 * has its page for certain; if it is set, the lock tells when the trimmer is
 * through with it.
 */
#include "block_depot.h"

enum { FRESH = 16, GONE = 32 };
#define FIELD ((uint64_t)0xffff)

static struct slice *slice_of(const void *base)
{
    return &segment_of(base)->slice[slice_index(base)];
}

static unsigned field(uint64_t word, unsigned shift)
{
    return (unsigned)(word >> shift & FIELD);
}

size_t block_page_bytes(void)
{
    return unit_bytes();
}

void block_lend(void *base, unsigned pages)
{
    uint64_t bits = pages & FIELD;
    __atomic_fetch_or(&slice_of(base)->lent, bits | bits << FRESH,
                      __ATOMIC_RELEASE);
}

bool block_lent(const void *base)
{
    return __atomic_load_n(&slice_of(base)->lent, __ATOMIC_RELAXED) != 0;
}

bool block_want(void *base, unsigned pages)
{
    struct slice *d = slice_of(base);
    uint64_t bits = pages & FIELD;
    uint64_t had =
        __atomic_fetch_and(&d->lent, ~(bits | bits << FRESH), __ATOMIC_ACQUIRE);
    unsigned gone = field(had, GONE) & pages;
    if (gone == 0)
        return true;
    pthread_mutex_lock(&depot.lock);
    bool had_room = slice_commit(d, gone);
    if (had_room)
        __atomic_fetch_and(&d->lent, ~((uint64_t)gone << GONE),
                           __ATOMIC_RELAXED);
    else
        __atomic_fetch_or(&d->lent, bits, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&depot.lock);
    return had_room;
}

unsigned slice_lent_gone(const struct slice *d)
{
    return field(__atomic_load_n(&d->lent, __ATOMIC_RELAXED), GONE);
}

/* Of these pages, those that are lent and not fresh are the trimmer's now. */
static unsigned claim(struct slice *d, unsigned pages)
{
    uint64_t had = __atomic_load_n(&d->lent, __ATOMIC_RELAXED);
    unsigned mine;
    do
        mine = pages & field(had, 0) & ~field(had, FRESH) & ~field(had, GONE);
    while (mine && !__atomic_compare_exchange_n(
                       &d->lent, &had, had | (uint64_t)mine << GONE, true,
                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    return mine;
}

size_t slice_look_lent(struct slice *d, bool all)
{
    uint64_t had = __atomic_load_n(&d->lent, __ATOMIC_RELAXED);
    unsigned idle = field(had, 0) & d->dirty;
    if (idle == 0) {
        d->aged = 0;
        return 0;
    }
    __atomic_fetch_and(&d->lent, ~(FIELD << FRESH), __ATOMIC_RELAXED);
    unsigned old = all ? idle : idle & d->aged & ~field(had, FRESH);
    unsigned mine = claim(d, old);
    size_t given = mine ? slice_purge(d, mine) : 0;
    if (mine & d->dirty) /* the system refused */
        __atomic_fetch_and(&d->lent, ~((uint64_t)(mine & d->dirty) << GONE),
                           __ATOMIC_RELEASE);
    d->aged = (uint16_t)(idle & d->dirty);
    return given;
}
