/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap.c - layer 4: the heap's public functions, and their short ways.
 *
 * To allocate, the bin of the class comes first; a heap without slices has
 * empty bins, and goes on to its free cells and its chunk. To free, the tag of
 * the slice tells the class, or that there is a prefix.
 */
#include "heap.h"

#include <string.h>

#define ALIGNMENT_MAX ((size_t)1 << 20)
#define SIZE_LIMIT ((size_t)PTRDIFF_MAX - ((size_t)4 << 20))

const uint16_t heap_stride[CLASSES] = {
    16,   32,   48,   64,   80,   96,   112,  128,  144,  160,  176, 192,  208,
    224,  240,  256,  272,  336,  400,  464,  528,  656,  784,  912, 1040, 1296,
    1552, 1808, 2064, 2576, 3088, 3600, 4112, 5136, 6160, 7184, 8208};

/* By (size + 15) / 16; an object of size 0 is one of size 16. */
const uint8_t heap_class_table[SMALL_MAX / 16 + 1] = {
    1,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 17,
    17, 17, 18, 18, 18, 18, 19, 19, 19, 19, 20, 20, 20, 20, 21, 21, 21, 21, 21,
    21, 21, 21, 22, 22, 22, 22, 22, 22, 22, 22, 23, 23, 23, 23, 23, 23, 23, 23,
    24, 24, 24, 24, 24, 24, 24, 24, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25,
    25, 25, 25, 25, 25, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26,
    26, 26, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 29, 29, 29, 29,
    29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29,
    29, 29, 29, 29, 29, 29, 29, 29, 29, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    30, 30, 30, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 33, 33, 33, 33, 33, 33, 33, 33, 33,
    33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33,
    33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33,
    33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 34, 34,
    34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34,
    34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34,
    34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34,
    34, 34, 34, 34, 34, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35,
    35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35,
    35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35,
    35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 35, 36, 36, 36, 36, 36, 36, 36,
    36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36,
    36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36,
    36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36};

/* The bins of a heap without slices: nothing is in them or can be put there. */
static void *no_cell[1];
#define NONE                                                                   \
    {                                                                          \
        no_cell + 1, no_cell + 1                                               \
    }
#define NONE_6 NONE, NONE, NONE, NONE, NONE, NONE
static const uint8_t no_tags[0x3fe + 1]; /* of objects where debug_on */
static struct pond_heap_bin no_bins[CLASSES] = {NONE_6, NONE_6, NONE_6, NONE_6,
                                                NONE_6, NONE_6, NONE};

/* ----------------------------------------------------------- the resident */

static struct heap *heap_at(const struct resident *e)
{
    return (struct heap *)((uintptr_t)e - offsetof(struct heap, resident));
}

static size_t heap_used(const struct resident *e)
{
    const struct heap *h = heap_at(e);
    /* Chunks that lie in the pond's own blocks count as used already, so this
     * may wrap below 0. */
    size_t used = h->chunks + h->large - (size_t)(h->end - h->cur);
    for (unsigned c = 1; c < CLASSES; c++) {
        if (!(h->listed >> c & 1))
            continue;
        for (const void *cell = h->list[c]; cell; used -= heap_stride[c])
            memcpy(&cell, cell, sizeof cell);
    }
    return used + heap_slices_used(h);
}

static void heap_close(struct resident *e)
{
    struct heap *h = heap_at(e);
    struct region *r = e->region;
    if (h->end == r->head.cur)
        r->head.cur = h->cur + PREFIX;
    h->head.bins = no_bins;
    h->rest = NULL;
    h->promoted = h->listed = h->either = 0;
    h->cur = h->end = NULL;
    h->cookie = 0; /* which no prefix goes by */
}

static const struct resident_kind a_heap = {heap_used, heap_close};

static pond_heap *create(struct region *r)
{
    char *dirty;
    struct heap *h = debug_on ? debug_region_carve(r, sizeof *h, 16, "heap")
                              : region_carve(r, sizeof *h, 16, &dirty);
    if (h == NULL)
        return region_fail(r);
    h->head.bins = no_bins;
    h->head.segments = debug_on ? 0 : ~(BLOCK_SEGMENT - 1);
    h->head.tags = debug_on ? (uintptr_t)no_tags : BLOCK_TAGS;
    h->rest = NULL;
    h->promoted = h->listed = h->either = 0;
    h->cur = h->end = NULL;
    h->cookie = region_secret ^ (uintptr_t)h << 20;
    h->held = h->chunks = h->large = 0;
    memset(h->made, 0, sizeof h->made);
    if (debug_on && !heap_debug_create(h, r))
        return region_fail(r);
    resident_add(r, &h->resident, &a_heap);
    return (pond_heap *)(void *)h;
}

pond_heap *pond_heap_create(pond *p)
{
    struct region *r = region_of(p, "pond_heap_create");
    DEBUG_ENTER(r, "pond_heap_create");
    pond_heap *h = create(r);
    DEBUG_LEAVE();
    return h;
}

/* The heap, if its pond is still there. */
static struct heap *heap_checked(struct heap *h, const char *call)
{
    if (h->resident.region == NULL)
        misuse("%s: the pond of the heap at %p has ended", call, (void *)h);
    return h;
}

static const char *heap_name(const struct heap *h)
{
    return region_class(h->resident.region)->name;
}

void heap_misuse(struct heap *h, const void *ptr, const char *call)
{
    heap_checked(h, call);
    const struct heap *owner = *block_tag(ptr) ? cells_of(ptr)->owner : NULL;
    if (owner && owner != h)
        misuse("%s: %p is of the heap at %p in pond \"%s\", not of the one at "
               "%p in pond \"%s\"",
               call, ptr, (const void *)owner, heap_name(owner), (void *)h,
               heap_name(h));
    if (owner == NULL && prefix_kind(h, ptr) - PREFIX_FREE < CLASSES)
        misuse("%s: %p was freed already in the heap at %p in pond \"%s\"",
               call, ptr, (void *)h, heap_name(h));
    misuse("%s: %p is no object of the heap at %p in pond \"%s\", or was "
           "freed already",
           call, ptr, (void *)h, heap_name(h));
}

struct block_head *heap_block_take(struct heap *h, size_t bytes, size_t least,
                                   bool *zero)
{
    struct block_head *b = resident_take(&h->resident, bytes, least, zero);
    if (b == NULL && heap_slices_flush(h))
        b = resident_take(&h->resident, bytes, least, zero);
    return b;
}

/* At the end of a slow way that may have taken a block. */
static void *finish(struct heap *h, void *object)
{
    if (object == NULL)
        return region_fail(h->resident.region);
    resident_notify(&h->resident);
    return object;
}

/* ------------------------------------------------------------------ alloc */

static __attribute__((noinline)) void *alloc_slow(struct heap *h, size_t size)
{
    bool zero;
    heap_checked(h, "pond_heap_alloc");
    if (size > SIZE_LIMIT)
        return region_fail(h->resident.region);
    if (size > SMALL_MAX)
        return finish(h, heap_large_alloc(h, size, 16, &zero));
    unsigned c = heap_class(size);
    if (!heap_promoted(h, c) && h->held >= PROMOTE_BYTES)
        heap_slices_look(h); /* the chunk has come to its end */
    return finish(h, heap_promoted(h, c) ? heap_slices_alloc(h, c)
                                         : heap_small_cut(h, c, 16));
}

/* A small object whose bin is empty. */
static inline void *alloc_small(struct heap *h, unsigned c, size_t size)
{
    if (h->either >> c & 1)
        return heap_promoted(h, c) ? alloc_slow(h, size) : heap_small_pop(h, c);
    char *at = h->cur; /* NULL before the first chunk */
    if (POND_LIKELY((uintptr_t)at + heap_stride[c] <= (uintptr_t)h->end)) {
        void *object = at + PREFIX;
        h->cur = at + heap_stride[c];
        h->made[c]++;
        prefix_set(h, object, c);
        return object;
    }
    return alloc_slow(h, size);
}

extern inline void *pond_heap_alloc(pond_heap *h, size_t size);
extern inline void pond_heap_free(pond_heap *h, void *ptr);

void *pond_heap_alloc_slow(pond_heap *p, size_t size)
{
    struct heap *h = heap_of(p);
    if (!POND_LIKELY(!debug_on))
        return heap_debug_alloc(p, size, 16);
    if (!POND_LIKELY(size <= SMALL_MAX))
        return alloc_slow(h, size);
    unsigned c = heap_class(size);
    if (h->rest) {
        struct pond_heap_bin *b = &h->head.bins[c];
        void *cell = b->top[-1];
        if (POND_LIKELY(cell != NULL)) {
            b->top--;
            return cell;
        }
    }
    return alloc_small(h, c, size);
}

void *pond_heap_calloc(pond_heap *p, size_t count, size_t size)
{
    if (debug_on)
        return heap_debug_calloc(p, count, size);
    struct heap *h = heap_of(p);
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return region_fail(
            heap_checked(h, "pond_heap_calloc")->resident.region);
    if (bytes <= SMALL_MAX) {
        void *object = pond_heap_alloc(p, bytes);
        return object ? memset(object, 0, bytes) : NULL;
    }
    if (bytes > SIZE_LIMIT)
        return region_fail(h->resident.region);
    bool zero;
    void *object = finish(h, heap_large_alloc(h, bytes, 16, &zero));
    if (object && !zero)
        memset(object, 0, bytes);
    return object;
}

/* The smallest class for size that has this alignment; CLASSES: none. */
static unsigned class_aligned(size_t size, size_t alignment)
{
    unsigned c = heap_class(size > alignment ? size : alignment);
    while (c < CLASSES && (heap_class_bytes(c) & (alignment - 1)) != 0)
        c++;
    return c;
}

void *pond_heap_alloc_aligned(pond_heap *p, size_t size, size_t alignment)
{
    struct heap *h = heap_of(p);
    if (debug_on)
        return heap_debug_alloc(p, size, alignment);
    heap_checked(h, "pond_heap_alloc_aligned");
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 ||
        alignment > ALIGNMENT_MAX || size > SIZE_LIMIT)
        return region_fail(h->resident.region);
    if (alignment <= 16)
        return pond_heap_alloc(p, size);
    bool zero;
    if (size > SMALL_MAX || alignment > SMALL_MAX / 2)
        return finish(h, heap_large_alloc(h, size, alignment, &zero));
    unsigned c = class_aligned(size, alignment);
    if (heap_promoted(h, c))
        return finish(h, heap_slices_alloc_aligned(h, c, alignment));
    void *cell = heap_small_pop_aligned(h, c, alignment);
    if (cell)
        return cell;
    if (h->held >= PROMOTE_BYTES)
        heap_slices_look(h);
    return finish(h, heap_small_cut(h, c, alignment));
}

/* ------------------------------------------------------------------- free */

/* Free an object with a prefix. */
static void free_prefixed(struct heap *h, void *object)
{
    uint64_t kind = prefix_kind(h, object);
    if (POND_LIKELY(kind - 1 < CLASSES - 1)) {
        heap_small_put(h, object, (unsigned)kind);
    } else if (kind == PREFIX_LARGE) {
        heap_large_free(h, object);
    } else {
        heap_misuse(h, object, "pond_heap_free");
    }
}

void pond_heap_free_slow(pond_heap *p, void *ptr)
{
    struct heap *h = heap_of(p);
    if (!POND_LIKELY(!debug_on)) {
        heap_debug_free(p, ptr, SIZE_MAX);
        return;
    }
    unsigned c = *block_tag(ptr);
    if (POND_LIKELY(c == 0))
        free_prefixed(h, ptr);
    else
        heap_slices_free(h, ptr, c);
}

void pond_heap_free_sized(pond_heap *p, void *ptr, size_t size)
{
    /* The tag is as quick, and cannot be wrong. */
    if (debug_on && ptr)
        heap_debug_free(p, ptr, size);
    else
        pond_heap_free(p, ptr);
}

/* ---------------------------------------------------------------- realloc */

static size_t usable(struct heap *h, const void *ptr, bool *large,
                     const char *call)
{
    unsigned c = *block_tag(ptr);
    uint64_t kind = c ? c : prefix_kind(h, ptr);
    *large = kind == PREFIX_LARGE;
    if (*large)
        return heap_large_usable(ptr);
    if (kind - 1 >= CLASSES - 1)
        heap_misuse(h, ptr, call);
    return heap_class_bytes(kind);
}

size_t pond_heap_usable_size(pond_heap *p, const void *ptr)
{
    bool large;
    if (debug_on && ptr)
        return heap_debug_usable_size(p, ptr);
    return ptr ? usable(heap_of(p), ptr, &large, "pond_heap_usable_size") : 0;
}

void *pond_heap_realloc(pond_heap *p, void *ptr, size_t size)
{
    struct heap *h = heap_of(p);
    if (debug_on)
        return heap_debug_realloc(p, ptr, size);
    if (ptr == NULL)
        return pond_heap_alloc(p, size);
    bool large;
    size_t had = usable(h, ptr, &large, "pond_heap_realloc");
    if (large) {
        /* A block for what a cell would hold is worth a move. */
        if (size > SMALL_MAX && size <= SIZE_LIMIT &&
            heap_large_resize(h, ptr, size))
            return finish(h, ptr);
    } else if (size <= had && (size >= had / 2 || had <= 64)) {
        return ptr;
    }
    void *moved = pond_heap_alloc(p, size);
    if (moved == NULL)
        return size <= had ? ptr : NULL; /* to shrink cannot fail */
    memcpy(moved, ptr, size < had ? size : had);
    pond_heap_free(p, ptr);
    return moved;
}
