/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_mark.c - layer 3: savepoints.
 *
 * A mark that a caller holds is two numbers: the life of the pond and a serial.
 * Its other half is a record in the region, in a list from the newest down.
 * A mark is valid while its record is in that list; rewinding takes the younger
 * records out, so their marks are refused from then on, for ever, because a
 * serial is never given twice.
 */
#include "debug.h"
#include "region.h"

#include <string.h>

static pond_mark mark_take(struct region *r)
{
    struct mark_record *m = r->mark;
    bool nothing_since = m && m->cur == r->head.cur &&
                         m->current == r->current && r->seq == r->clean_seq;
    if (!nothing_since) {
        m = pond_alloc(&r->head, sizeof *m);
        if (m == NULL)
            return (pond_mark){0, 0};
        if (r->life == 0)
            r->life = thread_life();
        m->prev = r->mark;
        m->current = r->current;
        m->cur = r->head.cur;
        m->serial = ++r->seq & SERIAL_MASK;
        m->grown = r->grown;
        r->mark = m;
        if (!(r->flags & R_ENDING))
            r->clean_seq = r->seq;
        r->flags |= R_MARK;
    }
    return (pond_mark){r->life, m->serial};
}

pond_mark pond_mark_take(pond *p)
{
    struct region *r = region_of(p, "pond_mark_take");
    DEBUG_ENTER(r, "pond_mark_take");
    pond_mark mark = mark_take(r);
    DEBUG_LEAVE();
    return mark;
}

/* The record of a mark, or NULL when it is stale or foreign. */
static struct mark_record *find(const struct region *r, pond_mark mark)
{
    if (mark.life == 0 || mark.life != r->life)
        return NULL;
    struct mark_record *m = r->mark;
    while (m && m->serial > mark.serial)
        m = m->prev;
    return m && m->serial == mark.serial ? m : NULL;
}

static void drop_blocks(struct region *r, struct block_head **list,
                        uint64_t serial)
{
    while (*list && (*list)->serial > serial) {
        struct block_head *b = *list;
        *list = b->older;
        r->used_rest -= (size_t)(b->fill - head_start(b));
        region_block_give(r, b);
    }
}

/* Cleanup nodes whose memory goes must not be used again. */
static void drop_free_cleanups(struct region *r, uint64_t serial)
{
    struct pond_cleanup **c = &r->free_cleanups;
    while (*c) {
        if ((*c)->born > serial)
            *c = (*c)->next;
        else
            c = &(*c)->next;
    }
}

/* Take the objects behind the record back. */
static void drop_objects(struct region *r, const struct mark_record *m)
{
    region_note_peak(r);
    char *cur = r->head.cur;
    bool moved = r->current != m->current;
    /* As if retired, so that every block but the first counts alike. */
    if (r->current)
        r->current->fill = cur;
    else
        r->first_fill = cur;
    r->used_rest = region_used(r);
    drop_blocks(r, &r->own, m->serial);
    if (r->own)
        r->own->newer = NULL;
    while (r->residents && r->residents->serial > m->serial) {
        resident_end(r->residents);
        r->residents = r->residents->next;
    }
    drop_blocks(r, &r->blocks, m->serial);
    char *fill = m->current ? m->current->fill : r->first_fill;
    char *zero_from = r->zero_from;
    region_set_current(r, m->current, m->cur);
    if (!moved)
        r->zero_from = zero_from > cur ? zero_from : cur;
    r->used_rest -= (size_t)(fill - current_start(r));
    if (r->flags & R_CLEAR && fill > m->cur) {
        memset(m->cur, 0, (size_t)(fill - m->cur));
        __asm__ volatile("" : : "r"(m->cur) : "memory");
    }
}

static int rewind_to(struct region *r, pond_mark mark)
{
    if (r->flags & R_ENDING)
        return -EINVAL;
    struct mark_record *m = find(r, mark);
    if (m == NULL)
        return -EINVAL;
    region_end_young(r, m->serial);
    r->mark = m;
    drop_free_cleanups(r, m->serial); /* while their memory is still ours */
    if (debug_on)
        debug_region_rewind(r, m->serial);
    else
        drop_objects(r, m);
    r->grown = m->grown;
    r->clean_seq = r->seq;
    return 0;
}

int pond_rewind(pond *p, pond_mark mark)
{
    struct region *r = region_of(p, "pond_rewind");
    DEBUG_ENTER(r, "pond_rewind");
    int result = rewind_to(r, mark);
    DEBUG_LEAVE();
    return result;
}
