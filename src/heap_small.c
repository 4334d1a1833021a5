/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap_small.c - layer 4: cells with a prefix, cut from chunks.
 *
 * A chunk is a piece of the pond's current block, so that a heap costs hardly
 * more than the pond it lives in; and it grows in place while nobody else
 * allocates from the pond. But objects of a heap stay when the pond is rewound
 * to a younger mark: after such a mark a chunk is a block of the heap's own.
 */
#include "heap.h"

enum {
    ALIGNED_LOOKS = 16,
    CHUNK_ALL = 512,       /* so little room is taken whole */
    CHUNK_MOST = 16384,    /* and no more at once than this */
    CHUNK_OWN_LEAST = 512, /* blocks of its own: as much as it has, within */
    CHUNK_OWN_MOST = 32768 /* these */
};

void heap_small_put(struct heap *h, void *object, unsigned class)
{
    void *next = h->listed >> class & 1 ? h->list[class] : NULL;
    __builtin_memcpy(object, &next, sizeof next);
    h->list[class] = object;
    h->listed |= (uint64_t)1 << class;
    h->either |= h->listed;
    prefix_set(h, object, PREFIX_FREE + class);
}

void *heap_small_pop_aligned(struct heap *h, unsigned class, size_t alignment)
{
    if (!(h->listed >> class & 1))
        return NULL;
    void **link = &h->list[class];
    for (int i = 0; *link && i < ALIGNED_LOOKS; i++, link = *link)
        if (((uintptr_t)*link & (alignment - 1)) == 0) {
            /* Make it the first, then take it as usual. */
            void *cell = *link, *next;
            __builtin_memcpy(&next, cell, sizeof next);
            *link = next;
            __builtin_memcpy(cell, &h->list[class], sizeof next);
            h->list[class] = cell;
            return heap_small_pop(h, class);
        }
    return NULL;
}

/* Make free cells of the bytes (a multiple of 16) behind at, 8 above one. */
static void donate(struct heap *h, char *at, size_t bytes)
{
    while (bytes >= heap_stride[1]) {
        unsigned c = CLASSES - 1;
        if (bytes < heap_stride[c]) {
            c = heap_class(bytes - PAD);
            if (heap_stride[c] > bytes)
                c--;
        }
        heap_small_put(h, at + PREFIX, c);
        at += heap_stride[c];
        bytes -= heap_stride[c];
    }
}

/* ----------------------------------------------------------------- chunks */

/* Whether what is carved from the pond now lives as long as the heap. */
static bool pond_will_do(const struct heap *h)
{
    const struct mark_record *newest = h->resident.region->mark;
    return newest == NULL || newest->serial < h->resident.serial;
}

/*
 * How much to take where so much room is left: half, so that others find
 * room as well; but as much as the heap has already, so that it does not come
 * back too often; of a little, all.
 */
static size_t share_of(const struct heap *h, size_t room)
{
    size_t share = room / 2 & ~(size_t)15;
    if (share < h->held)
        share = h->held;
    if (share > CHUNK_MOST)
        share = CHUNK_MOST;
    return room <= CHUNK_ALL || room < share ? room : share;
}

/* Grow the current chunk where it lies, at the end of what the pond uses. */
static bool chunk_grow(struct heap *h, size_t bytes)
{
    struct region *r = h->resident.region;
    size_t room = (size_t)(r->head.end - r->head.cur);
    if (h->end != r->head.cur || bytes > room || !pond_will_do(h))
        return false;
    size_t more = share_of(h, room);
    if (more < bytes)
        more = bytes;
    h->held += more;
    h->end = r->head.cur += more;
    return true;
}

/* Bytes of the pond, at least need. */
static char *carve(struct heap *h, size_t need, size_t *bytes)
{
    struct region *r = h->resident.region;
    char *dirty;
    char *at = region_carve(r, need, 16, &dirty);
    *bytes = need;
    if (at && at + need == r->head.cur) {
        size_t more = share_of(h, (size_t)(r->head.end - r->head.cur));
        r->head.cur += more;
        *bytes += more;
    }
    return at;
}

/* The same from a block of the heap's own. */
static char *carve_own(struct heap *h, size_t need, size_t *bytes)
{
    size_t want = h->chunks < CHUNK_OWN_LEAST  ? CHUNK_OWN_LEAST
                  : h->chunks < CHUNK_OWN_MOST ? h->chunks
                                               : CHUNK_OWN_MOST;
    bool zero;
    if (want < need)
        want = need;
    struct block_head *b = heap_block_take(h, want, need, &zero);
    if (b == NULL)
        return NULL;
    char *at = head_start(b);
    *bytes = (size_t)(head_base(b) + b->charged - at) & ~(size_t)15;
    h->chunks += *bytes;
    return at;
}

/* Have room for a prefix and bytes behind it in the current chunk. */
static bool chunk_next(struct heap *h, size_t bytes)
{
    size_t need = bytes + PAD, got;
    if (chunk_grow(h, bytes))
        return true;
    char *at =
        pond_will_do(h) ? carve(h, need, &got) : carve_own(h, need, &got);
    if (at == NULL)
        return false;
    if (at != h->end) {
        if (h->cur)
            donate(h, h->cur, (size_t)(h->end - h->cur) & ~(size_t)15);
        h->cur = at + PREFIX;
    }
    h->end = at + got;
    h->held += got;
    return true;
}

/* ------------------------------------------------------------------ cells */

void *heap_small_cut(struct heap *h, unsigned class, size_t alignment)
{
    size_t stride = heap_stride[class], most = stride + alignment - 16;
    if (most > (size_t)(h->end - h->cur) && !chunk_next(h, most))
        return NULL;
    size_t gap = -(uintptr_t)(h->cur + PREFIX) & (alignment - 1);
    donate(h, h->cur, gap);
    char *object = h->cur + gap + PREFIX;
    h->cur += gap + stride;
    h->made[class]++;
    prefix_set(h, object, class);
    return object;
}
