/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap_slices.c - layer 4: classes that have slices of their own.
 *
 * A freed cell waits in its class's bin, an array, for the next allocation of
 * that class. Bins are filled from slices and emptied into them by halves,
 * which is when cells are counted: a slice without any in use goes back to the
 * pond's block source at once. A bin's capacity follows how many cells the
 * class has out, so that what waits in it is always a fraction of what is in
 * use.
 */
#include "heap.h"

#include <string.h>

/* Bytes of a block so that it is a slice: colour and head fit before them. */
#define SLICE_PAYLOAD (BLOCK_SLICE - 7 * 64 - sizeof(struct block_head))
_Static_assert(sizeof(struct block_head) == CELLS_BEFORE,
               "cells stand behind the block's head");

static struct block_head *head_of(struct cells *c)
{
    return (struct block_head *)(void *)((char *)c - CELLS_BEFORE);
}

/* ------------------------------------------------------------------- bins */

static uint32_t bin_count(const struct heap *h, unsigned class)
{
    return (uint32_t)(h->head.bins[class].top - h->rest[class].slots - 1);
}

static uint32_t within(uint32_t n, uint32_t least, uint32_t most)
{
    return n < least ? least : n < most ? n : most;
}

/* Let a bin hold a quarter of what is out, within bounds; how many. */
static uint32_t bin_adapt(struct heap *h, unsigned class)
{
    struct bin_rest *b = &h->rest[class];
    uint32_t cap = within(b->out / 4, b->least, b->most);
    h->head.bins[class].limit = b->slots + 1 + cap;
    return cap;
}

/* Memory for good: a cell that is never freed. */
static void *keep(struct heap *h, size_t bytes)
{
    void *cell = heap_small_cut(h, heap_class(bytes), 16);
    return cell ? memset(cell, 0, bytes) : NULL;
}

static bool slices_begin(struct heap *h, unsigned class)
{
    if (h->rest == NULL) {
        struct pond_heap_bin *bins =
            keep(h, CLASSES * sizeof(struct pond_heap_bin));
        struct bin_rest *rest = keep(h, CLASSES * sizeof(struct bin_rest));
        if (bins == NULL || rest == NULL)
            return false;
        h->head.bins =
            memcpy(bins, h->head.bins, CLASSES * sizeof(struct pond_heap_bin));
        h->rest = rest;
    }
    struct bin_rest *b = &h->rest[class];
    b->slots = keep(h, (BIN_MOST + 1) * sizeof(void *));
    if (b->slots == NULL)
        return false;
    uint32_t bytes = (uint32_t)heap_class_bytes(class);
    b->least = (uint16_t)within(BIN_LEAST_BYTES / bytes, 1, BIN_MOST / 4);
    b->most = (uint16_t)within(BIN_BYTES / bytes, 1, BIN_MOST);
    h->head.bins[class].top = b->slots + 1;
    bin_adapt(h, class);
    h->promoted |= (uint64_t)1 << class;
    h->either |= h->promoted;
    return true;
}

/*
 * Which classes are to come from slices: those that hold as much in chunks as
 * a slice; and, where the heap is large already, so many more that their first
 * slices are a fraction of it.
 */
void heap_slices_look(struct heap *h)
{
    for (unsigned c = 1; c < CLASSES; c++) {
        size_t made = h->made[c] * heap_stride[c];
        unsigned n = (unsigned)__builtin_popcountll(h->promoted);
        if (!heap_promoted(h, c) &&
            (made >= PROMOTE_BYTES ||
             (made >= PROMOTE_LEAST && h->held / PROMOTE_EARLY > n)))
            slices_begin(h, c);
    }
}

/* Give a cell of a bin back to where it came from. */
static void put_back(struct heap *h, void *cell)
{
    unsigned c = *block_tag(cell);
    if (c == 0) {
        uint64_t kind = prefix_kind(h, cell);
        if (kind - 1 >= CLASSES - 1)
            heap_misuse(h, cell, "pond_heap_free");
        heap_small_put(h, cell, (unsigned)kind);
        return;
    }
    struct cells *cells = cells_of(cell);
    if (cells->owner != h)
        heap_misuse(h, cell, "pond_heap_free");
    struct bin_rest *b = &h->rest[c];
    enum cells_given given = cells_give(&b->list, cell);
    if (given == CELLS_WRONG)
        heap_misuse(h, cell, "pond_heap_free");
    b->out--;
    if (given == CELLS_EMPTY) {
        resident_give(&h->resident, head_of(cells));
        h->held -= BLOCK_SLICE;
    }
}

/* The n coldest cells of a bin go back. */
static void bin_flush(struct heap *h, unsigned class, uint32_t n)
{
    void **first = h->rest[class].slots + 1, **top = h->head.bins[class].top;
    for (uint32_t i = 0; i < n; i++)
        put_back(h, first[i]);
    memmove(first, first + n, (size_t)((char *)top - (char *)(first + n)));
    h->head.bins[class].top = top - n;
}

void heap_slices_free(struct heap *h, void *cell, unsigned class)
{
    if (cells_of(cell)->owner != h)
        heap_misuse(h, cell, "pond_heap_free");
    uint32_t n = bin_count(h, class);
    if (h->rest[class].out <= n + 1) { /* all that are out are here */
        bin_flush(h, class, n);
        put_back(h, cell);
        return;
    }
    uint32_t cap = bin_adapt(h, class);
    if (n >= cap)
        bin_flush(h, class, n - cap / 2);
    *h->head.bins[class].top++ = cell;
}

bool heap_slices_flush(struct heap *h)
{
    bool any = false;
    for (unsigned c = 1; h->rest && c < CLASSES; c++)
        if (heap_promoted(h, c) && bin_count(h, c) > 0) {
            bin_flush(h, c, bin_count(h, c));
            any = true;
        }
    return any;
}

/* ------------------------------------------------------------------ cells */

static bool slice_add(struct heap *h, unsigned class)
{
    bool zero;
    struct block_head *b =
        heap_block_take(h, SLICE_PAYLOAD, SLICE_PAYLOAD, &zero);
    if (b == NULL)
        return false;
    bool lends = !(h->resident.region->flags & R_CLEAR);
    *block_tag(b) = (uint8_t) class;
    cells_make(&h->rest[class].list, head_base(b), heap_class_bytes(class), h,
               lends);
    h->held += BLOCK_SLICE;
    return true;
}

/*
 * Take cells of a class: out of its slices, else those with a prefix that are
 * free, else out of a new slice. (Cells with a prefix come second, for each
 * free of one that is not in the cache waits for its prefix.)
 */
static uint32_t cells_get(struct heap *h, unsigned class, void **cells,
                          uint32_t n)
{
    struct bin_rest *b = &h->rest[class];
    uint32_t got = cells_take(&b->list, cells, n);
    if (got == 0) {
        while (got < n && h->listed >> class & 1)
            cells[got++] = heap_small_pop(h, class);
        if (got > 0)
            return got;
        if (slice_add(h, class))
            got = cells_take(&b->list, cells, n);
    }
    b->out += got;
    return got;
}

void *heap_slices_alloc(struct heap *h, unsigned class)
{
    uint32_t want = (bin_adapt(h, class) + 1) / 2;
    void **slots = h->rest[class].slots;
    uint32_t n = cells_get(h, class, slots + 1, want);
    if (n == 0)
        return heap_small_cut(h, class, 16); /* a slice is too much to ask */
    h->head.bins[class].top = slots + n;
    return slots[n];
}

void *heap_slices_alloc_aligned(struct heap *h, unsigned class,
                                size_t alignment)
{
    struct pond_heap_bin *b = &h->head.bins[class];
    struct bin_rest *rest = &h->rest[class];
    void *cell = b->top[-1];
    if (cell && ((uintptr_t)cell & (alignment - 1)) == 0) {
        b->top--;
        return cell;
    }
    if (cells_take(&rest->list, &cell, 1) == 0) {
        void *small = heap_small_pop_aligned(h, class, alignment);
        if (small)
            return small;
        if (!slice_add(h, class) || cells_take(&rest->list, &cell, 1) == 0)
            return heap_small_cut(h, class, alignment);
    }
    rest->out++;
    return cell;
}

/* ------------------------------------------------------------------ usage */

size_t heap_slices_used(const struct heap *h)
{
    size_t used = 0;
    for (unsigned c = 1; c < CLASSES; c++) {
        if (!heap_promoted(h, c))
            continue;
        used += h->rest[c].out * heap_class_bytes(c);
        for (void **slot = h->rest[c].slots + 1; slot < h->head.bins[c].top;
             slot++)
            used -= *block_tag(*slot) ? heap_class_bytes(c) : heap_stride[c];
    }
    return used;
}
