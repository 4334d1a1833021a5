/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BLOCK_CELLS_H
#define BLOCK_CELLS_H
/*
 * block_cells.h - layer 2: a block of 64 KiB cut into cells of one size.
 *
 *     0      48 or more (colour)                first
 *     +------+--------------+-------- -- -------+------+------+-- --+------+
 *     |      | struct cells | free map, 1 bit a | cell | cell |     | cell |
 *     +------+--------------+-------- -- -------+------+------+-- --+------+
 *
 * Which cells are free stands in the map, lowest address first out, and a free
 * cell is never read or written: freeing touches no cold memory, and pages
 * that hold free cells only are lent to the trimmer (see block_lend).
 *
 * Cells are aligned to the largest power of two that divides their size.
 *
 * Threads: none of this is locked; whoever holds a list sees to that.
 */
#include "block.h"

#define CELL_MAX ((size_t)8192)
enum { CELLS_BEFORE = 48 }; /* bytes of its holder's between colour and cells */

/*
 * Invariants: popcount(free) == n_free <= count; n_free > 0 if and only if it
 * is in its holder's list; free words before `low` are 0; a page in `lent`
 * holds free cells only.
 */
struct cells {
    struct cells *next, *prev; /* circular */
    void *owner;
    uint32_t size;       /* of a cell; a multiple of 16, at most CELL_MAX */
    uint32_t reciprocal; /* 2^32 / size, rounded up */
    uint16_t first;      /* offset of cell 0 from the block's base */
    uint16_t count;
    uint16_t n_free;
    uint16_t low;
    uint16_t lent;     /* pages */
    uint16_t event;    /* n_free at which more is to do than count */
    uint16_t per_page; /* cells, rounded down; 0: never lend any page */
    uint8_t page;      /* bytes in a page, log 2 */
    uint64_t free[];
};

/* Blocks with free cells, the fuller ones first; NULL: none. */
struct cells_list {
    struct cells *head;
};

static inline char *cells_base(const struct cells *c)
{
    return (char *)((uintptr_t)c & ~(BLOCK_SLICE - 1));
}

/* Where the cells of a block stand. */
static inline struct cells *cells_at(const void *base)
{
    char *at = (char *)(uintptr_t)base;
    void *where = at + block_colour(at, BLOCK_CLASS_64K) + CELLS_BEFORE;
    return where;
}

/* Those of the block that a cell lies in. */
static inline struct cells *cells_of(const void *cell)
{
    return cells_at((void *)((uintptr_t)cell & ~(BLOCK_SLICE - 1)));
}

/* Cut a block, all cells free, and put it into the list. */
struct cells *cells_make(struct cells_list *list, void *base, size_t size,
                         void *owner, bool lends);

/* Up to n cells out of the blocks of the list, so that the last one has the
 * lowest address; how many. Fewer when the list is empty or when purged pages
 * cannot be had again. */
unsigned cells_take(struct cells_list *list, void **cells, unsigned n);

/* A cell is free again. */
enum cells_given {
    CELLS_KEPT,
    CELLS_EMPTY, /* its block has no cell in use: it was taken out of the list,
                    and is the caller's to give back */
    CELLS_WRONG  /* no cell begins there, or it is free already */
};
static inline enum cells_given cells_give(struct cells_list *list, void *cell);
/* The rest of it: n_free has come to event. */
enum cells_given cells_event(struct cells_list *list, struct cells *c);

/* Take an empty block that was just cut out of its list. */
void cells_unlist(struct cells_list *list, struct cells *c);

/* The number of the cell that holds the byte at this offset from cell 0. */
static inline unsigned cells_number(const struct cells *c, size_t offset)
{
    return (unsigned)(offset * (uint64_t)c->reciprocal >> 32);
}

static inline enum cells_given cells_give(struct cells_list *list, void *cell)
{
    struct cells *c = cells_of(cell);
    size_t offset = ((uintptr_t)cell & (BLOCK_SLICE - 1)) - c->first;
    unsigned i = cells_number(c, offset), w = i / 64;
    uint64_t bit = (uint64_t)1 << i % 64;
    if (i >= c->count || offset != (size_t)i * c->size || c->free[w] & bit)
        return CELLS_WRONG;
    c->free[w] |= bit;
    if (w < c->low)
        c->low = (uint16_t)w;
    return ++c->n_free == c->event ? cells_event(list, c) : CELLS_KEPT;
}

#endif
