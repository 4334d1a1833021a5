/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HEAP_H
#define HEAP_H
/*
 * heap.h - layer 4, for the files of the heap only: how its objects lie.
 *
 *   small objects of a young heap: cells with a prefix, in chunks of the pond
 *       +------+--------+------+--------+--
 *       |prefix| object |prefix| object |        prefix: 8 bytes
 *       +------+--------+------+--------+--
 *   a class that has become large: slices of its own (block_cells.h), found
 *   by the tag of the slice; recently freed cells wait in an array, its bin
 *   over 8 KiB: a block each, with the same prefix before the object
 *
 * docs/heap.md draws it at length.
 */
#include "pond/heap.h"

#include "block_cells.h"
#include "debug.h"
#include "region.h"

enum {
    CLASSES = 37,     /* 1 .. 36; 0 is none */
    SMALL_MAX = 8192, /* the size of class 36 */
    PREFIX = 8,       /* bytes */
    PAD = 16,         /* what a prefix makes of a cell that stays aligned */
    PROMOTE_BYTES = 65536,     /* of one class, in chunks */
    PROMOTE_LEAST = 4096,      /* the same, if the heap holds so much for */
    PROMOTE_EARLY = 1 << 18,   /* each class that has slices already */
    BIN_MOST = 64,             /* slots of a bin */
    BIN_BYTES = 256 << 10,     /* of cells in it, at most */
    BIN_LEAST_BYTES = 16 << 10 /* and so much when the class is small */
};

extern const uint8_t heap_class_table[SMALL_MAX / 16 + 1];
extern const uint16_t heap_stride[CLASSES]; /* of cells with a prefix */

/* The bytes of an object of a class. */
static inline size_t heap_class_bytes(size_t class)
{
    return heap_stride[class] - (size_t)PAD;
}

/* The class for an object of size bytes, at most SMALL_MAX. One table for all,
 * for a branch by size would be taken at random. */
static inline unsigned heap_class(size_t size)
{
    return heap_class_table[(size + 15) / 16];
}

/*
 * The rest of a bin (struct pond_heap_bin), which the short ways do not need.
 * Invariants: slots[0] is NULL; slots < top <= limit.
 */
struct bin_rest {
    void **slots;
    struct cells_list list; /* slices with free cells */
    uint32_t out;           /* cells taken from slices, those in the bin too */
    uint16_t least, most;   /* cells that the bin may hold */
};

/*
 * Invariants: bit c of promoted: rest[c].slots is set, and new objects of class
 * c come from slices; bit c of listed: list[c] is set, a free cell with a
 * prefix, the next one in its first bytes; cur is 8 above a multiple of 16, or
 * NULL like end.
 */
struct heap {
    pond_heap head;
    struct bin_rest *rest; /* NULL until a class has slices */
    uint64_t promoted, listed, either;
    char *cur, *end; /* the rest of the current chunk; next prefix */
    uint64_t cookie;
    struct resident resident;
    size_t held;            /* bytes of all chunks and slices */
    size_t chunks;          /* of chunks that are blocks of the heap's own */
    size_t large;           /* bytes of large objects */
    uint16_t made[CLASSES]; /* cells cut from chunks */
    void *list[CLASSES];
};

static inline struct heap *heap_of(pond_heap *p)
{
    return (struct heap *)(void *)p;
}

static inline bool heap_promoted(const struct heap *h, unsigned class)
{
    return h->promoted >> class & 1;
}

/* --------------------------------------------------------------- prefixes */

/* What a prefix says; 1 .. 36: a live cell of a class. */
enum { PREFIX_LARGE = 64, PREFIX_FREE = 128 /* + class */ };

/* A prefix holds it as the distance from a number that goes by heap and place,
 * so that no other 8 bytes pass for one by chance. */
static inline uint64_t prefix_base(const struct heap *h, const void *object)
{
    return h->cookie ^ (uintptr_t)object;
}

static inline void prefix_set(const struct heap *h, void *object, unsigned kind)
{
    ((uint64_t *)object)[-1] = prefix_base(h, object) + kind;
}

/* Anything else than the above if this is no object of the heap. */
static inline uint64_t prefix_kind(const struct heap *h, const void *object)
{
    return ((const uint64_t *)object)[-1] - prefix_base(h, object);
}

/* ---------------------------------------------------------- heap_small.c */

/* A cell of a class from a chunk, none being free; NULL: no memory. */
void *heap_small_cut(struct heap *h, unsigned class, size_t alignment);
/* The same when the current chunk has no room. */
void *heap_small_cut_slow(struct heap *h, unsigned class, size_t alignment);
/* Put a cell into its class's list of free ones. */
void heap_small_put(struct heap *h, void *object, unsigned class);

/* A free cell of a class with this alignment, if one comes soon in its list. */
void *heap_small_pop_aligned(struct heap *h, unsigned class, size_t alignment);

static inline void *heap_small_pop(struct heap *h, unsigned class)
{
    void *object = h->list[class], *next;
    __builtin_memcpy(&next, object, sizeof next);
    h->list[class] = next;
    if (next == NULL) {
        h->listed &= ~((uint64_t)1 << class);
        h->either = h->listed | h->promoted;
    }
    prefix_set(h, object, class);
    return object;
}

/* ---------------------------------------------------------- heap_slices.c */

/* Look which classes are to have slices from now on. */
void heap_slices_look(struct heap *h);
/* A cell of a promoted class whose bin is empty; NULL: no memory. */
void *heap_slices_alloc(struct heap *h, unsigned class);
/* The same with an alignment that the class has. */
void *heap_slices_alloc_aligned(struct heap *h, unsigned class,
                                size_t alignment);
/* Free a cell whose bin is full. */
void heap_slices_free(struct heap *h, void *cell, unsigned class);
/* Give all cells that wait in bins back to their slices; false: none did. */
bool heap_slices_flush(struct heap *h);
size_t heap_slices_used(const struct heap *h);

/* ----------------------------------------------------------- heap_large.c */

/* zero: set if the bytes are known to be. */
void *heap_large_alloc(struct heap *h, size_t size, size_t alignment,
                       bool *zero);
void heap_large_free(struct heap *h, void *object);
size_t heap_large_usable(const void *object);
/* Resize where it lies; false: impossible. */
bool heap_large_resize(struct heap *h, void *object, size_t size);

/* ----------------------------------------------------------- heap_debug.c */

/* The public functions where debug_on. They are to be called last, so that the
 * caller that they see is the program. */
bool heap_debug_create(struct heap *h, struct region *r);
void *heap_debug_alloc(pond_heap *p, size_t size, size_t alignment);
void *heap_debug_calloc(pond_heap *p, size_t count, size_t size);
void *heap_debug_realloc(pond_heap *p, void *ptr, size_t size);
/* size: as told, or SIZE_MAX. */
void heap_debug_free(pond_heap *p, void *ptr, size_t size);
size_t heap_debug_usable_size(pond_heap *p, const void *ptr);

/* ---------------------------------------------------------------- heap.c */

/* A block for a heap; tries again without what waits in bins. */
struct block_head *heap_block_take(struct heap *h, size_t bytes, size_t least,
                                   bool *zero);
_Noreturn __attribute__((cold)) void
heap_misuse(struct heap *h, const void *ptr, const char *call);

#endif
