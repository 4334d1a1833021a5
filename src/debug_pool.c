/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_pool.c - layer 3: the objects of fixed pools, heaps and slabs where
 * debug_on. It knows of those only the handle, an address.
 */
#include "debug.h"

#include <stdlib.h>
#include <string.h>

struct debug_pool *debug_pool_make(struct region *r, const void *handle,
                                   const char *what, const char *name)
{
    struct debug_pool *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->holder.what = what;
    p->holder.name = name;
    p->region = r;
    p->self = debug_object_find(handle);
    return p;
}

bool debug_pool_add(struct resident *e, struct region *r, const void *handle,
                    const char *what)
{
    e->debug = debug_pool_make(r, handle, what, r->debug->holder.name);
    return e->debug != NULL;
}

void debug_pool_check(const void *handle, const char *what, const char *call,
                      const void *caller)
{
    debug_note(call, caller);
    const struct debug_object *o = debug_object_find(handle);
    if (o == NULL || o->ended || strcmp(o->what, what) != 0)
        debug_misuse_pointer(call, handle, what, NULL);
}

void *debug_pool_alloc(struct debug_pool *p, size_t size, size_t alignment)
{
    struct region *r = p->region;
    size_t bytes = size ? round16(size) : 16;
    bool limited = r && r->flags & R_LIMITED;
    if (limited && limit_room(r) < bytes)
        return NULL;
    struct debug_object *o = debug_object_make(
        &p->holder, debug_an_object, p->holder.name, size, alignment, 0);
    if (o == NULL)
        return NULL;
    if (r)
        r->reserved += bytes;
    if (limited)
        limit_charge(r, bytes);
    return o->ptr;
}

struct debug_object *debug_pool_find(struct debug_pool *p, const void *ptr,
                                     const char *call)
{
    struct debug_object *o = debug_object_find(ptr);
    if (o == NULL || o->ended || o->holder != &p->holder)
        debug_misuse_pointer(call, ptr, debug_an_object, &p->holder);
    return o;
}

void debug_pool_free(struct debug_pool *p, struct debug_object *o)
{
    struct region *r = p->region;
    size_t bytes = debug_rounded(o);
    if (r)
        r->reserved -= bytes;
    if (r && r->flags & R_LIMITED)
        limit_uncharge(r, bytes);
    debug_object_end(o, r && r->flags & R_CLEAR);
}

void debug_pool_end(struct debug_pool *p)
{
    while (p->holder.newest)
        debug_pool_free(p, p->holder.newest);
    free(p);
}

void debug_pool_forget(struct debug_pool *p)
{
    while (p->holder.newest)
        debug_object_forget(p->holder.newest);
    free(p);
}
