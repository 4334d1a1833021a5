/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_check.c - layer 3: all that a pond promises about itself, looked at
 * from outside. region.h states it in words.
 */
#include "debug.h"

static _Noreturn void broken(const struct region *r, const char *what)
{
    misuse("%s: pond \"%s\" (%p) is broken: %s", debug_call(),
           r->debug->holder.name, (const void *)r, what);
}

static void check_children(const struct region *r)
{
    const struct region *newer = NULL;
    for (const struct region *c = r->child; c; newer = c, c = c->next) {
        if (!region_alive(c))
            broken(r, "a child's handle was overwritten");
        if (c->parent != r || c->prev != newer)
            broken(r, "the list of its children is broken");
        if (newer && c->serial >= newer->serial)
            broken(r, "its children are out of order");
    }
}

static void check_cleanups(const struct region *r)
{
    const struct pond_cleanup *newer = NULL;
    for (const struct pond_cleanup *c = r->cleanups; c;
         newer = c, c = c->next) {
        debug_cleanup_check(c, "integrity");
        if (c->region != r || c->fn == NULL || c->prev != newer)
            broken(r, "the list of its cleanups is broken");
        if (newer && c->serial >= newer->serial)
            broken(r, "its cleanups are out of order");
    }
}

static void check_objects(const struct region *r, const struct debug_holder *h)
{
    size_t bytes = 0, n = 0;
    for (const struct debug_object *o = h->newest; o; o = o->older) {
        debug_object_check(o);
        bytes += debug_rounded(o);
        n++;
        if (o->holder != h)
            broken(r, "the list of its objects is broken");
    }
    if (bytes != h->bytes || n != h->n)
        broken(r, "its objects are miscounted");
}

void debug_region_check(const struct region *r)
{
    if (r->head.cur != r->head.end ||
        r->head.cur != (const char *)r + sizeof *r)
        broken(r, "its handle was overwritten");
    debug_object_check(r->debug->self);
    check_children(r);
    check_cleanups(r);
    check_objects(r, &r->debug->holder);
    size_t bytes = sizeof *r + r->debug->holder.bytes;
    if (r->used_rest != r->debug->holder.bytes)
        broken(r, "what it uses is miscounted");
    for (const struct resident *e = r->residents; e; e = e->next) {
        check_objects(r, &e->debug->holder);
        bytes += e->debug->holder.bytes;
    }
    if (r->reserved != bytes)
        broken(r, "what it holds is miscounted");
    if (r->flags & R_LIMITED && r->limit == NULL)
        broken(r, "its limit is lost");
}
