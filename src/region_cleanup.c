/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_cleanup.c - layer 3: functions to be called when a pond ends.
 *
 * Nodes are carved from the pond and, once cancelled or run, used again by the
 * next registration. pond.c runs them at the end.
 */
#include "debug.h"
#include "region.h"

void cleanup_put(struct region *r, struct pond_cleanup *c)
{
    if (debug_on) {
        debug_cleanup_end(c);
        return;
    }
    c->fn = NULL;
    c->next = r->free_cleanups;
    r->free_cleanups = c;
}

/* A node of any content; NULL: no memory. */
static struct pond_cleanup *cleanup_get(struct region *r)
{
    struct pond_cleanup *c = r->free_cleanups;
    if (debug_on) {
        c = debug_region_carve(r, sizeof *c, 16, "cleanup");
        if (c == NULL)
            region_fail(r);
    } else if (c) {
        r->free_cleanups = c->next;
    } else {
        c = pond_alloc(&r->head, sizeof *c);
        if (c)
            c->born = r->seq + 1;
    }
    return c;
}

static pond_cleanup *defer(struct region *r, void (*fn)(void *), void *arg)
{
    struct pond_cleanup *c = cleanup_get(r);
    if (c == NULL)
        return NULL;
    c->fn = fn;
    c->arg = arg;
    c->region = r;
    c->serial = ++r->seq;
    c->prev = NULL;
    c->next = r->cleanups;
    if (c->next)
        c->next->prev = c;
    r->cleanups = c;
    r->flags |= R_CLEANUP;
    return c;
}

pond_cleanup *pond_defer(pond *p, void (*fn)(void *), void *arg)
{
    struct region *r = region_of(p, "pond_defer");
    DEBUG_ENTER(r, "pond_defer");
    struct pond_cleanup *c = fn ? defer(r, fn, arg) : region_fail(r);
    if (debug_on && c && r->flags & R_LIMITED)
        limit_notify(r);
    DEBUG_LEAVE();
    return c;
}

/* Take the node out of its list and make it free; false: it has ended. */
static bool detach(struct pond_cleanup *c)
{
    if (c == NULL || c->fn == NULL)
        return false;
    struct region *r = c->region;
    if (c->prev)
        c->prev->next = c->next;
    else
        r->cleanups = c->next;
    if (c->next)
        c->next->prev = c->prev;
    cleanup_put(r, c);
    return true;
}

void pond_cleanup_cancel(pond_cleanup *c)
{
    if (c == NULL)
        return;
    if (debug_on)
        debug_cleanup_check(c, "pond_cleanup_cancel");
    DEBUG_ENTER(c->region, "pond_cleanup_cancel");
    detach(c);
    DEBUG_LEAVE();
}

void pond_cleanup_run(pond_cleanup *c)
{
    if (c == NULL)
        return;
    if (debug_on)
        debug_cleanup_check(c, "pond_cleanup_run");
    DEBUG_ENTER(c->region, "pond_cleanup_run");
    void (*fn)(void *) = c->fn;
    void *arg = c->arg;
    if (detach(c))
        fn(arg);
    DEBUG_LEAVE();
}
