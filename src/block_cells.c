/* SPDX-License-Identifier: BSD-2-Clause */
/* block_cells.c - layer 2: see block_cells.h. */
#include "block_cells.h"

#include <string.h>

/* ------------------------------------------------------------------ list */

static void list_add(struct cells_list *list, struct cells *c, bool front)
{
    struct cells *head = list->head;
    if (head == NULL) {
        list->head = c->next = c->prev = c;
        return;
    }
    c->next = head;
    c->prev = head->prev;
    head->prev->next = c;
    head->prev = c;
    if (front)
        list->head = c;
}

void cells_unlist(struct cells_list *list, struct cells *c)
{
    if (c->next == c) {
        list->head = NULL;
        return;
    }
    c->prev->next = c->next;
    c->next->prev = c->prev;
    if (list->head == c)
        list->head = c->next;
}

/* ----------------------------------------------------------------- cells */

/* The next n_free to do something at: it is listed, it is listed among the
 * emptier ones, it is empty, or another page's worth of cells is free. */
static void plan(struct cells *c)
{
    unsigned n = c->n_free, half = c->count / 2;
    unsigned event = n == 0 ? 1 : n < half ? half : c->count;
    if (c->per_page && event > n + c->per_page)
        event = n + c->per_page;
    c->event = (uint16_t)event;
}

struct cells *cells_make(struct cells_list *list, void *base, size_t size,
                         void *owner, bool lends)
{
    struct cells *c = cells_at(base);
    size_t align = size & -size;
    size_t head = (size_t)((char *)c->free - (char *)base);
    size_t most = (BLOCK_SLICE - head) / size;
    size_t first = head + (most + 63) / 64 * 8;
    first = (first + align - 1) & ~(align - 1);
    c->owner = owner;
    c->size = (uint32_t)size;
    c->reciprocal = (uint32_t)((((uint64_t)1 << 32) + size - 1) / size);
    c->first = (uint16_t)first;
    c->count = c->n_free = (uint16_t)((BLOCK_SLICE - first) / size);
    c->low = 0;
    c->lent = 0;
    c->page = (uint8_t)__builtin_ctzll(block_page_bytes());
    size_t per_page = block_page_bytes() / size;
    c->per_page = (uint16_t)(!lends ? 0 : per_page ? per_page : 1);
    memset(c->free, 0xff, c->count / 64 * sizeof *c->free);
    plan(c);
    if (c->count % 64)
        c->free[c->count / 64] = ((uint64_t)1 << c->count % 64) - 1;
    list_add(list, c, true);
    return c;
}

static bool all_free(const struct cells *c, unsigned from, unsigned to)
{
    for (unsigned w = from / 64; w <= to / 64; w++) {
        uint64_t want = ~(uint64_t)0;
        if (w == from / 64)
            want &= ~(uint64_t)0 << from % 64;
        if (w == to / 64)
            want &= ~(uint64_t)0 >> (63 - to % 64);
        if ((c->free[w] & want) != want)
            return false;
    }
    return true;
}

/* The pages that cell number i lies on. */
static unsigned pages_of(const struct cells *c, unsigned i)
{
    size_t from = c->first + (size_t)i * c->size, to = from + c->size - 1;
    return (2u << (to >> c->page)) - (1u << (from >> c->page));
}

/* Lend pages that hold free cells only and are not lent yet. */
static void lend_free_pages(struct cells *c)
{
    unsigned idle = 0;
    unsigned p = (unsigned)(c->first + ((size_t)1 << c->page) - 1) >> c->page;
    for (; p < BLOCK_SLICE >> c->page; p++) {
        size_t at = (size_t)p << c->page, end = (size_t)(p + 1) << c->page;
        unsigned from = cells_number(c, at - c->first);
        unsigned to = cells_number(c, end - 1 - c->first);
        if (from < c->count && !(c->lent >> p & 1) &&
            all_free(c, from, to < c->count ? to : c->count - 1u))
            idle |= 1u << p;
    }
    if (idle == 0)
        return;
    c->lent = (uint16_t)(c->lent | idle);
    block_lend(cells_base(c), idle);
}

/* Have the pages of a cell for use again. */
static bool want(struct cells *c, unsigned i)
{
    unsigned pages = pages_of(c, i) & c->lent;
    if (pages == 0)
        return true;
    if (!block_want(cells_base(c), pages))
        return false;
    c->lent = (uint16_t)(c->lent & ~pages);
    return true;
}

/* Up to n cells of one block. */
static unsigned take_from(struct cells *c, void **cells, unsigned n)
{
    char *start = cells_base(c) + c->first;
    unsigned got = 0, w = c->low;
    while (got < n && got < c->n_free) {
        while (c->free[w] == 0)
            w++;
        unsigned i = w * 64 + (unsigned)__builtin_ctzll(c->free[w]);
        if (c->lent && !want(c, i))
            break;
        c->free[w] &= c->free[w] - 1;
        cells[got++] = start + (size_t)i * c->size;
    }
    c->low = (uint16_t)w;
    c->n_free = (uint16_t)(c->n_free - got);
    plan(c);
    return got;
}

unsigned cells_take(struct cells_list *list, void **cells, unsigned n)
{
    unsigned got = 0;
    while (got < n && list->head) {
        struct cells *c = list->head;
        got += take_from(c, cells + got, n - got);
        if (c->n_free > 0)
            break;
        cells_unlist(list, c);
    }
    for (unsigned i = 0; i < got / 2; i++) {
        void *swap = cells[i];
        cells[i] = cells[got - 1 - i];
        cells[got - 1 - i] = swap;
    }
    return got;
}

enum cells_given cells_event(struct cells_list *list, struct cells *c)
{
    if (c->n_free == c->count) {
        cells_unlist(list, c);
        return CELLS_EMPTY;
    }
    if (c->n_free == 1) {
        list_add(list, c, true);
    } else if (c->n_free == c->count / 2) {
        cells_unlist(list, c);
        list_add(list, c, false);
    }
    if (c->per_page)
        lend_free_pages(c);
    plan(c);
    return CELLS_KEPT;
}
