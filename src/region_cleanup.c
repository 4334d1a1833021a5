/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_cleanup.c - layer 3: functions to be called when a pond ends.
 *
 * Nodes are carved from the pond and, once cancelled or run, used again by the
 * next registration. pond.c runs them at the end.
 */
#include "region.h"

pond_cleanup *pond_defer(pond *p, void (*fn)(void *), void *arg)
{
    struct region *r = region_of(p, "pond_defer");
    if (fn == NULL)
        return region_fail(r);
    struct pond_cleanup *c = r->free_cleanups;
    if (c) {
        r->free_cleanups = c->next;
    } else {
        c = pond_alloc(p, sizeof *c);
        if (c == NULL)
            return NULL;
        c->born = r->seq + 1;
    }
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
    c->fn = NULL;
    c->next = r->free_cleanups;
    r->free_cleanups = c;
    return true;
}

void pond_cleanup_cancel(pond_cleanup *c)
{
    detach(c);
}

void pond_cleanup_run(pond_cleanup *c)
{
    if (c == NULL)
        return;
    void (*fn)(void *) = c->fn;
    void *arg = c->arg;
    if (detach(c))
        fn(arg);
}
