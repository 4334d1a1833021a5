/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_limit.c - layer 3: budgets.
 *
 * A region knows the nearest limited region at or above it (r->limit), that
 * one the next above it, and so on; what lies between costs nothing. Charged
 * to all of them are the blocks that a region takes, the current one only up
 * to its end, which is clamped below real_end when room is short. So the fast
 * path knows nothing of budgets.
 *
 *   charged of l = sum over l and its descendants of
 *                  first_charged + charged of blocks, own blocks, residents'
 */
#include "debug.h"
#include "region.h"

size_t limit_room(const struct region *r)
{
    size_t room = SIZE_MAX;
    for (const struct region *l = r->limit; l; l = limit_above(l)) {
        size_t here = l->hard > l->charged ? l->hard - l->charged : 0;
        if (here < room)
            room = here;
    }
    return room;
}

static void charge_one(struct region *l, size_t bytes)
{
    l->charged += bytes;
    if (l->charged > l->soft && !(l->flags & R_OVER))
        l->flags |= R_OVER | (l->flags & R_CALLING ? 0u : R_PENDING);
}

static void uncharge_one(struct region *l, size_t bytes)
{
    l->charged -= bytes;
    if (l->charged <= l->soft)
        l->flags &= ~(uint32_t)(R_OVER | R_PENDING);
}

void limit_charge(struct region *r, size_t bytes)
{
    for (struct region *l = r->limit; l; l = limit_above(l))
        charge_one(l, bytes);
}

void limit_uncharge(struct region *r, size_t bytes)
{
    for (struct region *l = r->limit; l; l = limit_above(l))
        uncharge_one(l, bytes);
}

/* Where the charge of the current block is written down. */
static size_t *current_charged(struct region *r)
{
    return r->current ? &r->current->charged : &r->first_charged;
}

void limit_unclamp(struct region *r, size_t bytes)
{
    size_t more = (size_t)(r->real_end - r->head.end);
    size_t room = limit_room(r) & ~(size_t)15;
    if (more > room)
        more = room;
    if (bytes > (size_t)(r->head.end - r->head.cur) + more)
        return;
    limit_charge(r, more);
    *current_charged(r) += more;
    r->head.end += more;
}

void limit_clamp(struct region *r)
{
    size_t tail = (size_t)(r->head.end - r->head.cur);
    limit_uncharge(r, tail);
    *current_charged(r) -= tail;
    r->head.end = r->head.cur;
}

void limit_notify(struct region *r)
{
    struct region *l = r->limit;
    while (l) {
        if (!(l->flags & R_PENDING)) {
            l = limit_above(l);
            continue;
        }
        l->flags = (l->flags & ~(uint32_t)R_PENDING) | R_CALLING;
        r->flags |= R_HELD;
        l->soft_fn(&l->head, l->soft_arg);
        r->flags &= ~(uint32_t)R_HELD;
        l->flags &= ~(uint32_t)R_CALLING;
        l = r->limit; /* limits may have come and gone */
    }
}

/* -------------------------------------------------------------- setting */

/* What region x itself holds, with its current block clamped at cur; writes
 * down the charge of each block, which nobody did while it was unlimited. */
static size_t take_stock(struct region *x, bool first_time)
{
    size_t sum = 0;
    if (debug_on) {
        x->first_charged = sizeof *x;
        return debug_region_bytes(x);
    }
    for (struct block_head *b = x->blocks; b; b = b->older) {
        if (first_time)
            b->charged = head_bytes(b);
        sum += b->charged;
    }
    for (struct block_head *b = x->own; b; b = b->older) {
        if (first_time)
            b->charged = head_bytes(b);
        sum += b->charged;
    }
    for (struct resident *e = x->residents; e; e = e->next)
        for (struct block_head *b = e->blocks; b; b = b->older) {
            if (first_time)
                b->charged = head_bytes(b);
            sum += b->charged;
        }
    if (first_time)
        x->first_charged = block_bytes(x->first);
    return sum + x->first_charged;
}

/* The region after x in a walk over the tree below top, children first met
 * after their parents; NULL at the end. */
static struct region *walk_next(struct region *top, struct region *x)
{
    if (x->child)
        return x->child;
    while (x != top && x->next == NULL)
        x = x->parent;
    return x == top ? NULL : x->next;
}

/* Make r a limited region without bounds, and count what its tree holds. */
static void limit_begin(struct region *r)
{
    struct region *above = r->limit;
    r->hard = r->soft = SIZE_MAX;
    r->soft_fn = NULL;
    r->charged = 0;
    r->flags |= R_LIMIT;
    for (struct region *x = r; x; x = walk_next(r, x)) {
        bool first_time = !(x->flags & R_LIMITED);
        r->charged += take_stock(x, first_time);
        if (x->limit == above)
            x->limit = r;
        x->flags |= R_LIMITED;
    }
    /* From here on the ordinary functions keep the books. */
    for (struct region *x = r; x; x = walk_next(r, x))
        limit_clamp(x);
}

/* Remove the bounds of r: its tree belongs to the limit above again. */
static void limit_end(struct region *r)
{
    struct region *above = limit_above(r);
    r->flags &= ~(uint32_t)(R_LIMIT | R_OVER | R_PENDING);
    for (struct region *x = r; x; x = walk_next(r, x)) {
        if (x->limit == r)
            x->limit = above;
        if (x->limit == NULL) {
            x->flags &= ~(uint32_t)R_LIMITED;
            x->head.end = x->real_end;
        }
    }
}

static void set_hard(struct region *r, size_t hard_bytes)
{
    if (hard_bytes != 0) {
        if (!(r->flags & R_LIMIT)) {
            limit_begin(r);
        } else if (hard_bytes < r->charged) {
            for (struct region *x = r; x; x = walk_next(r, x))
                limit_clamp(x);
        }
        r->hard = hard_bytes;
    } else if (r->flags & R_LIMIT) {
        r->hard = SIZE_MAX;
        if (r->soft_fn == NULL)
            limit_end(r);
    }
}

void pond_limit(pond *p, size_t hard_bytes)
{
    struct region *r = region_of(p, "pond_limit");
    DEBUG_ENTER(r, "pond_limit");
    set_hard(r, hard_bytes);
    DEBUG_LEAVE();
}

static void set_soft(struct region *r, size_t soft_bytes,
                     void (*fn)(pond *, void *), void *arg)
{
    if (soft_bytes != 0 && fn != NULL) {
        if (!(r->flags & R_LIMIT))
            limit_begin(r);
        r->soft = soft_bytes;
        r->soft_fn = fn;
        r->soft_arg = arg;
        r->flags &= ~(uint32_t)(R_OVER | R_PENDING);
        if (r->charged > r->soft)
            r->flags |= R_OVER; /* told of the next crossing, not of this */
    } else if (r->flags & R_LIMIT) {
        r->soft = SIZE_MAX;
        r->soft_fn = NULL;
        r->flags &= ~(uint32_t)(R_OVER | R_PENDING);
        if (r->hard == SIZE_MAX)
            limit_end(r);
    }
}

void pond_limit_soft(pond *p, size_t soft_bytes, void (*fn)(pond *, void *),
                     void *arg)
{
    struct region *r = region_of(p, "pond_limit_soft");
    DEBUG_ENTER(r, "pond_limit_soft");
    set_soft(r, soft_bytes, fn, arg);
    DEBUG_LEAVE();
}

bool pond_failed(const pond *p)
{
    return region_of(p, "pond_failed")->flags & R_FAILED;
}
