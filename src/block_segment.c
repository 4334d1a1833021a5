/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_segment.c - layer 2: segments and runs of free slices in them.
 *
 * Segments with free slices are listed by their longest run of free ones. A
 * request takes from the list with the shortest run that is long enough, so
 * that long runs last and emptier segments may become empty altogether.
 */
#include "block_depot.h"

#include "os.h"

struct depot depot = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .trimming = PTHREAD_MUTEX_INITIALIZER,
};

enum { WARM_LOOKS = 16 };

size_t depot_unit = 4096; /* until the first segment is mapped */

/* The longest run of ones. Bit i of at_least[k]: 2^k ones begin there; put
 * together from the largest such piece down. */
static unsigned longest_run(uint32_t bits)
{
    uint32_t at_least[6];
    unsigned k = 0;
    for (uint32_t b = bits; b != 0 && k < 5; k++) {
        at_least[k] = b;
        b &= b >> (1u << k);
    }
    if (k == 0)
        return 0;
    uint32_t starts = at_least[--k];
    unsigned n = 1u << k;
    while (k > 0) {
        uint32_t longer = starts & at_least[--k] >> n;
        if (longer) {
            starts = longer;
            n += 1u << k;
        }
    }
    return n;
}

/* Bits where a run of n ones begins (lowest bit of the run). */
static uint32_t run_starts(uint32_t bits, unsigned n)
{
    unsigned have = 1;
    while (have < n) {
        unsigned step = have < n - have ? have : n - have;
        bits &= bits >> step;
        have += step;
    }
    return bits;
}

static void segment_unlist(struct segment *s)
{
    if (s->longest == 0)
        return;
    if (s->prev)
        s->prev->next = s->next;
    else
        depot.by_run[s->huge][s->longest] = s->next;
    if (s->next)
        s->next->prev = s->prev;
    s->longest = 0;
}

/* Put the segment where its free slices say. */
static void segment_relist(struct segment *s)
{
    unsigned longest = longest_run(s->free);
    if (longest == s->longest)
        return;
    segment_unlist(s);
    if (longest == 0)
        return;
    struct segment **head = &depot.by_run[s->huge][longest];
    s->longest = (uint8_t)longest;
    s->prev = NULL;
    s->next = *head;
    if (*head)
        (*head)->prev = s;
    *head = s;
}

static struct segment *segment_map(bool huge)
{
    size_t page = os_page_size();
    depot_unit = page < BLOCK_SLICE ? page : BLOCK_SLICE;
    if (depot.limit && depot.committed + page > depot.limit &&
        !depot_reclaim(page))
        return NULL;
    struct segment *s = os_map(SEGMENT_BYTES, SEGMENT_BYTES);
    if (s == NULL)
        return NULL;
    if (huge)
        os_wish_huge(s, SEGMENT_BYTES);
    s->kind = KIND_SEGMENT; /* all else is zero already */
    s->huge = huge;
    s->free = SEGMENT_ALL_FREE;
    for (unsigned i = 0; i < SEGMENT_SLICES; i++)
        s->slice[i].class = SLICE_FREE;
    s->all_next = depot.segments;
    if (depot.segments)
        depot.segments->all_prev = s;
    depot.segments = s;
    depot.n_segments++;
    depot.committed += page;
    segment_relist(s);
    return s;
}

bool segment_unmap(struct segment *s)
{
    struct segment *next = s->all_next, *prev = s->all_prev;
    segment_unlist(s);
    if (depot.swap == s)
        depot.swap = next;
    if (!os_unmap(s, SEGMENT_BYTES)) {
        segment_relist(s);
        return false;
    }
    if (prev)
        prev->all_next = next;
    else
        depot.segments = next;
    if (next)
        next->all_prev = prev;
    depot.n_segments--;
    depot.committed -= os_page_size();
    return true;
}

/* Where in a segment to put a run of n: on pages that are resident already if
 * some run is wholly so, else as low as possible. */
static unsigned place_run(const struct segment *s, unsigned n)
{
    uint32_t starts = run_starts(s->free, n);
    uint32_t warm = run_starts(s->warm, n);
    return (unsigned)__builtin_ctz(warm ? warm : starts);
}

static void run_mark(struct segment *s, unsigned first, unsigned n)
{
    for (unsigned i = first; i < first + n; i++) {
        s->slice[i].class = SLICE_RUN;
        s->slice[i].first = (uint8_t)first;
        s->slice[i].aged = 0;
    }
    s->slice[first].length = (uint8_t)n;
    uint32_t run = (uint32_t)(((uint64_t)1 << (first + n)) - (1u << first));
    s->free &= ~run;
    s->warm &= ~run;
    s->idle_looks = 0;
    segment_relist(s);
}

/* A segment with n free slices in a row: one where they are resident already
 * if the first few that would do have such, else the fullest. */
static struct segment *segment_for(unsigned n, bool huge)
{
    struct segment *fullest = NULL;
    unsigned looks = WARM_LOOKS;
    for (unsigned run = n; run < SEGMENT_SLICES; run++)
        for (struct segment *s = depot.by_run[huge][run]; s; s = s->next) {
            if (run_starts(s->warm, n))
                return s;
            if (fullest == NULL)
                fullest = s;
            if (--looks == 0)
                return fullest;
        }
    return fullest;
}

struct slice *run_take(unsigned n, bool huge)
{
    struct segment *s = segment_for(n, huge);
    if (s == NULL)
        s = segment_map(huge);
    if (s == NULL)
        return NULL;
    unsigned first = place_run(s, n);
    run_mark(s, first, n);
    return &s->slice[first];
}

void run_free(struct slice *first, unsigned n)
{
    struct segment *s = segment_of(first);
    unsigned index = (unsigned)(first - s->slice);
    for (unsigned i = index; i < index + n; i++) {
        s->slice[i].class = SLICE_FREE;
        s->slice[i].aged = 0;
        __atomic_store_n(&s->slice[i].lent, 0, __ATOMIC_RELAXED);
        s->free |= (uint32_t)1 << i;
        if (s->slice[i].dirty)
            s->warm |= (uint32_t)1 << i;
    }
    segment_relist(s);
}

bool run_resize(struct slice *first, unsigned n)
{
    struct segment *s = segment_of(first);
    unsigned index = (unsigned)(first - s->slice), had = first->length;
    if (n > SEGMENT_SLICES - index)
        return false;
    if (n < had) {
        first->length = (uint8_t)n;
        run_free(first + n, had - n);
        depot.taken -= (had - n) * BLOCK_SLICE;
        return true;
    }
    for (unsigned i = index + had; i < index + n; i++)
        if (s->slice[i].class != SLICE_FREE)
            return false;
    run_mark(s, index, n); /* first, or they might be purged as idle */
    for (unsigned i = index + had; i < index + n; i++)
        if (!slice_commit(&s->slice[i], unit_all())) {
            first->length = (uint8_t)had;
            run_free(first + had, n - had);
            return false;
        }
    depot.taken += (n - had) * BLOCK_SLICE;
    return true;
}

/* Bytes of those pages of a slice that are not counted yet. */
static size_t fresh_bytes(const struct slice *d, unsigned pages)
{
    unsigned fresh = pages & ~(unsigned)d->dirty;
    return (size_t)__builtin_popcount(fresh) * unit_bytes();
}

bool slice_commit(struct slice *d, unsigned pages)
{
    d->aged = (uint16_t)(d->aged & ~pages);
    if ((pages & ~(unsigned)d->dirty) == 0)
        return true;
    /* Both of these may give back idle pages of this very slice. */
    depot_swap(fresh_bytes(d, pages));
    if (depot.limit && depot.committed + fresh_bytes(d, pages) > depot.limit &&
        (!depot_reclaim(fresh_bytes(d, pages)) ||
         depot.committed + fresh_bytes(d, pages) > depot.limit))
        return false;
    depot.committed += fresh_bytes(d, pages);
    d->dirty = (uint16_t)(d->dirty | pages);
    return true;
}

unsigned slice_idle_units(const struct slice *d)
{
    if (d->class == SLICE_FREE)
        return unit_all();
    if (d->class == SLICE_RUN)
        return 0;
    size_t unit = unit_bytes(), block = block_bytes(d->class);
    unsigned idle = 0;
    for (size_t i = 0; i < BLOCK_SLICE / unit; i++) {
        size_t b = i * unit / block, last = ((i + 1) * unit - 1) / block;
        while (b <= last && (d->free[b / 64] >> (b % 64) & 1))
            b++;
        idle |= (unsigned)(b > last) << i;
    }
    return idle;
}
