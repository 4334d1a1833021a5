/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_resident.c - layer 3: the memory of the fixed pools and heaps that
 * live in a region. It does not know what they do with it.
 */
#include "region.h"

#include <string.h>

void resident_add(struct region *r, struct resident *e,
                  const struct resident_kind *kind)
{
    e->region = r;
    e->serial = ++r->seq;
    e->kind = kind;
    e->blocks = NULL;
    e->next = r->residents;
    r->residents = e;
    r->flags |= R_RESIDENT;
}

struct block_head *resident_take(struct resident *e, size_t bytes, size_t least,
                                 bool *zero)
{
    struct region *r = e->region;
    struct block_head *b =
        region_block_take(r, bytes, least, MAGIC_BLOCK, zero);
    if (b == NULL)
        return NULL;
    if (r->flags & R_CLEAR)
        b->fill = head_base(b) + b->charged;
    b->older = e->blocks;
    if (b->older)
        b->older->newer = b;
    e->blocks = b;
    return b;
}

/* Blocks of a slice may bear a tag, and pages of them may be lent. */
static void give(struct region *r, struct block_head *b)
{
    char *base = head_base(b);
    if (b->class >= BLOCK_CLASS_64K && *block_tag(b)) {
        *block_tag(b) = 0;
        if (block_lent(base))
            b->class = BLOCK_RUN; /* so that it goes to the depot */
    }
    region_block_give(r, b);
}

void resident_give(struct resident *e, struct block_head *b)
{
    if (b->newer)
        b->newer->older = b->older;
    else
        e->blocks = b->older;
    if (b->older)
        b->older->newer = b->newer;
    give(e->region, b);
}

static void clear(char *from, char *to)
{
    memset(from, 0, (size_t)(to - from));
    __asm__ volatile("" : : "r"(from) : "memory");
}

bool resident_resize(struct resident *e, struct block_head *b, size_t bytes)
{
    struct region *r = e->region;
    size_t had = head_bytes(b), charged = b->charged;
    if (bytes <= charged) {
        if (b->class != BLOCK_RUN || bytes > had / 2)
            return true;
        if (r->flags & R_CLEAR)
            clear(head_base(b) + bytes, b->fill);
        if (!block_resize_run(head_base(b), bytes))
            return true;
        if (charged > head_bytes(b))
            region_block_charge(r, b, head_bytes(b));
    } else {
        if (bytes > had && b->class != BLOCK_RUN)
            return false;
        if (!region_block_charge(r, b, bytes))
            return false;
        if (bytes > had && !block_resize_run(head_base(b), bytes)) {
            region_block_charge(r, b, charged);
            return false;
        }
    }
    r->reserved += head_bytes(b) - had; /* may wrap back */
    if (r->flags & R_CLEAR)
        b->fill = head_base(b) + b->charged;
    return true;
}

void resident_end(struct resident *e)
{
    while (e->blocks) {
        struct block_head *b = e->blocks;
        e->blocks = b->older;
        give(e->region, b);
    }
    e->region = NULL;
}
