/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_trim.c - layer 2: giving idle memory back to the system.
 *
 * The trimmer walks over the segments, and over each at most once a tick of
 * 250 ms. A page that is idle is marked as aged; one that is still idle and
 * aged at the next look is purged. Taking a block clears the mark, so what a
 * server needs at least every 250 ms stays. A segment that is found free and
 * purged at several looks is unmapped, but one spare is kept.
 *
 * Steps are small (at most eight slices) and the clock is read after each, so a
 * caller's time budget holds; the depot is unlocked between two segments.
 */
#include "block_depot.h"

#include "os.h"

enum { SWAP_SHARE = 32, SWAP_LOOKS = 4 };
#define SWAP_FREE ((size_t)2 << 20) /* idle bytes that never matter */
enum { STEP_SLICES = 8 };           /* 512 KiB: some twenty microseconds */
enum { UNMAP_LOOKS = 4, SOMETIMES_US = 40, SOMETIMES_EVERY_US = 1000 };

static uint32_t tick_now(void)
{
    return (uint32_t)(os_now_coarse() / TICK_US);
}

size_t slice_purge(struct slice *d, unsigned pages)
{
    size_t unit = unit_bytes(), given = 0;
    char *memory = slice_memory(d);
    for (unsigned i = 0; pages >> i; i++) {
        unsigned n = 0;
        while (pages >> (i + n) & 1)
            n++;
        if (n == 0)
            continue;
        if (os_purge(memory + i * unit, n * unit)) {
            unsigned mask = ((1u << n) - 1) << i;
            d->dirty = (uint16_t)(d->dirty & ~mask);
            given += n * unit;
        }
        i += n;
    }
    d->aged = (uint16_t)(d->aged & d->dirty);
    struct segment *s = segment_of(d);
    if (d->dirty == 0)
        s->warm &= ~((uint32_t)1 << (d - s->slice));
    depot.committed -= given;
    return given;
}

/* Look at one slice: purge what has aged, and age what is idle. */
static size_t slice_look(struct slice *d, bool all)
{
    if (d->dirty == 0)
        return 0;
    if (d->class == SLICE_RUN)
        return slice_look_lent(d, all);
    unsigned idle = slice_idle_units(d) & d->dirty;
    unsigned old = all ? idle : idle & d->aged;
    size_t given = old ? slice_purge(d, old) : 0;
    d->aged = (uint16_t)(idle & d->dirty);
    return given;
}

/* How many free slices from number i on may go in one call: all that they have
 * resident is old enough, and this lap has not looked at them. */
static unsigned free_run(const struct segment *s, unsigned i, uint32_t tick,
                         bool all)
{
    unsigned n = 0;
    for (; i + n < SEGMENT_SLICES && n < STEP_SLICES; n++) {
        const struct slice *d = &s->slice[i + n];
        if (d->class != SLICE_FREE || d->dirty == 0 ||
            (!all && (d->aged != d->dirty || d->looked == tick)))
            break;
    }
    return n;
}

/* Purge n free slices at once: a call costs as much as several pages. */
static size_t free_purge(struct segment *s, unsigned first, unsigned n,
                         uint32_t tick)
{
    if (!os_purge(slice_base(s, first), n * BLOCK_SLICE))
        return 0;
    size_t given = 0;
    for (unsigned i = first; i < first + n; i++) {
        struct slice *d = &s->slice[i];
        given += (size_t)__builtin_popcount(d->dirty) * unit_bytes();
        d->dirty = d->aged = 0;
        d->looked = tick;
        s->warm &= ~((uint32_t)1 << i);
    }
    depot.committed -= given;
    return given;
}

/* Unmap a segment that has been of no use for long; one spare stays. */
static size_t segment_retire(struct segment *s, bool all)
{
    if (s->free != SEGMENT_ALL_FREE || s->warm != 0) {
        s->idle_looks = 0;
        return 0;
    }
    bool spare = depot.n_segments == 1;
    if (++s->idle_looks < UNMAP_LOOKS && !all)
        return 0;
    if (spare || !segment_unmap(s))
        return 0;
    return os_page_size();
}

/* Where to go on after s, which may be unmapped in between. */
static void cursor_past(struct segment *s)
{
    depot.cursor = s->all_next;
}

/* One look at the segment under the cursor; the clock is read per slice.
 * Returns false when the time is over before it was looked at whole. */
static bool segment_look(struct segment *s, uint32_t tick, bool all,
                         uint64_t deadline, size_t *given)
{
    for (unsigned i = 1; i < SEGMENT_SLICES; i++) {
        if (s->slice[i].looked == tick && !all)
            continue;
        unsigned n = free_run(s, i, tick, all);
        size_t bytes = n > 1 ? free_purge(s, i, n, tick) : 0;
        if (bytes > 0)
            i += n - 1;
        else
            bytes = slice_look(&s->slice[i], all);
        s->slice[i].looked = tick;
        *given += bytes;
        if (bytes > 0 && !all && os_now() >= deadline)
            return false;
    }
    s->looked = tick;
    cursor_past(s);
    *given += segment_retire(s, all);
    return true;
}

size_t block_trim(unsigned budget_us, bool all)
{
    if (all)
        pthread_mutex_lock(&depot.trimming);
    else if (pthread_mutex_trylock(&depot.trimming) != 0)
        return 0; /* someone else is at it */
    uint64_t deadline = os_now() + budget_us;
    uint32_t tick = tick_now();
    size_t given = 0;
    bool going = true;
    if (all || (depot.cursor == NULL && depot.lap_tick != tick)) {
        pthread_mutex_lock(&depot.lock);
        given += large_reclaim(all);
        depot.cursor = depot.segments;
        depot.lap_tick = tick;
        pthread_mutex_unlock(&depot.lock);
    }
    while (going) {
        pthread_mutex_lock(&depot.lock);
        struct segment *s = depot.cursor;
        if (s == NULL)
            going = false;
        else if (s->looked == tick && !all)
            cursor_past(s);
        else
            going = segment_look(s, tick, all, deadline, &given);
        pthread_mutex_unlock(&depot.lock);
        going = going && (all || os_now() < deadline);
    }
    pthread_mutex_unlock(&depot.trimming);
    return given;
}

void depot_trim_sometimes(void)
{
    static uint64_t last; /* races only make a step come twice or not */
    uint64_t now = os_now_coarse();
    if (now - __atomic_load_n(&last, __ATOMIC_RELAXED) < SOMETIMES_EVERY_US)
        return;
    __atomic_store_n(&last, now, __ATOMIC_RELAXED);
    block_trim(SOMETIMES_US, false);
}

/*
 * Memory that lies idle in slices of one class is of no use to another until
 * they are empty. So that a change in what a program needs does not leave the
 * old beside the new: while more than a thirty-second of what is taken lies
 * idle, what becomes resident is matched by what goes. A step looks at few
 * slices.
 */
void depot_swap(size_t bytes)
{
    size_t have = depot.committed - depot.large_taken - depot.large_idle_bytes;
    size_t want = depot.taken + depot.taken / SWAP_SHARE + SWAP_FREE;
    if (have + bytes <= want)
        return;
    size_t given = 0;
    for (int looks = 0; looks < SWAP_LOOKS && given < bytes; looks++) {
        struct segment *s = depot.swap ? depot.swap : depot.segments;
        depot.swap = s ? s->all_next : NULL;
        for (unsigned i = 1; s && i < SEGMENT_SLICES && given < bytes; i++)
            if (s->slice[i].class != SLICE_FREE || given < bytes / 2)
                given += slice_look(&s->slice[i], true);
    }
}

/* With the lock held. Does not unmap segments: their pages count, not their
 * addresses, and a caller may hold on to one. */
bool depot_reclaim(size_t bytes)
{
    if (bytes > depot.limit)
        return false;
    large_reclaim(true);
    for (struct segment *s = depot.segments; s; s = s->all_next)
        for (unsigned i = 1; i < SEGMENT_SLICES; i++) {
            if (depot.committed + bytes <= depot.limit)
                return true;
            slice_look(&s->slice[i], true);
        }
    return depot.committed + bytes <= depot.limit;
}

void block_limit(size_t bytes)
{
    pthread_mutex_lock(&depot.lock);
    depot.limit = bytes;
    if (bytes && depot.committed > bytes)
        depot_reclaim(0);
    pthread_mutex_unlock(&depot.lock);
}

void block_fork_prepare(void)
{
    pthread_mutex_lock(&depot.trimming);
    pthread_mutex_lock(&depot.lock);
}

void block_fork_done(void)
{
    pthread_mutex_unlock(&depot.lock);
    pthread_mutex_unlock(&depot.trimming);
}
