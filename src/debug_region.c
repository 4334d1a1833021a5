/* SPDX-License-Identifier: BSD-2-Clause */
/* debug_region.c - layer 3: the memory of a region where debug_on. */
#include "debug.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t all; /* the newest pond, hidden */

static uintptr_t hide(const struct region *r)
{
    return r ? ~(uintptr_t)r : 0;
}

static struct region *shown(uintptr_t hidden)
{
    return hidden ? (struct region *)~hidden : NULL;
}

static void list_add(struct region *r)
{
    pthread_mutex_lock(&lock);
    r->debug->prev = 0;
    r->debug->next = all;
    if (all)
        shown(all)->debug->prev = hide(r);
    all = hide(r);
    pthread_mutex_unlock(&lock);
}

static void list_remove(struct region *r)
{
    struct debug_pond *d = r->debug;
    pthread_mutex_lock(&lock);
    if (d->prev)
        shown(d->prev)->debug->next = d->next;
    else
        all = d->next;
    if (d->next)
        shown(d->next)->debug->prev = d->prev;
    pthread_mutex_unlock(&lock);
}

void debug_visit(void (*fn)(const void *at, void *arg), void *arg)
{
    pthread_mutex_lock(&lock);
    for (struct region *r = shown(all); r; r = shown(r->debug->next))
        fn(r, arg);
    pthread_mutex_unlock(&lock);
}

static void own_tree(const void *at, void *unused)
{
    (void)unused;
    debug_tree_own(((const struct region *)at)->debug->tree);
}

void debug_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
    debug_table_lock();
}

void debug_fork_done(bool child)
{
    debug_table_unlock();
    pthread_mutex_unlock(&lock);
    if (child)
        debug_visit(own_tree, NULL);
}

/* -------------------------------------------------------------- lifetimes */

/* Empty, and with no room: cur and end stand behind the handle. */
static void make_empty(struct region *r)
{
    char *end = region_start(r);
    r->real_end = r->zero_from = r->half = end;
    region_set_ends(r, end, end);
}

struct region *debug_region_make(struct region *parent, unsigned index)
{
    struct debug_pond *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    d->holder.what = "pond";
    d->holder.name = classes[index].name;
    d->root = parent == NULL;
    d->tree = parent ? parent->debug->tree : debug_tree_make();
    if (d->tree)
        d->self = debug_object_make(NULL, "pond", d->holder.name,
                                    sizeof(struct region), 16, 0);
    if (d->self == NULL) {
        if (d->tree && d->root)
            debug_tree_ended(d->tree);
        free(d);
        return NULL;
    }
    struct region *r = (struct region *)(void *)d->self->ptr;
    memset(r, 0, sizeof *r);
    r->debug = d;
    r->magic = region_live ^ (uintptr_t)r;
    r->index = index & 0xffff;
    r->reserved = sizeof *r;
    make_empty(r);
    list_add(r);
    return r;
}

void debug_region_discard(struct region *r)
{
    struct debug_pond *d = r->debug;
    list_remove(r);
    r->magic = magic_at(r, MAGIC_DEAD);
    r->debug = NULL;
    debug_object_end(d->self, false);
    if (d->root) /* the last of a tree to end */
        debug_tree_ended(d->tree);
    free(d);
}

/* Objects younger than serial, the newest first. */
static void end_objects(struct region *r, uint64_t serial)
{
    struct debug_holder *h = &r->debug->holder;
    while (h->newest && h->newest->serial > serial) {
        size_t bytes = debug_rounded(h->newest);
        r->used_rest -= bytes;
        r->reserved -= bytes;
        if (r->flags & R_LIMITED)
            limit_uncharge(r, bytes);
        debug_object_end(h->newest, r->flags & R_CLEAR);
    }
}

static void end_residents(struct region *r, uint64_t serial)
{
    while (r->residents && r->residents->serial > serial) {
        struct resident *e = r->residents;
        r->residents = e->next;
        debug_pool_end(e->debug);
        e->region = NULL;
    }
}

void debug_region_release(struct region *r)
{
    end_residents(r, 0);
    end_objects(r, 0);
    r->cleanups = r->free_cleanups = NULL;
    r->mark = NULL;
    r->life = 0;
    r->peak = 0;
}

void debug_region_rewind(struct region *r, uint64_t serial)
{
    region_note_peak(r);
    end_residents(r, serial);
    end_objects(r, serial);
}

/* ---------------------------------------------------------------- objects */

/* credit: what will be given back at once, if this is made. */
static void *carve(struct region *r, size_t size, size_t alignment,
                   const char *what, size_t credit)
{
    struct debug_holder *h = &r->debug->holder;
    size_t bytes = size ? round16(size) : 16;
    if (r->flags & R_LIMITED && bytes > credit &&
        limit_room(r) < bytes - credit)
        return NULL;
    struct debug_object *o =
        debug_object_make(h, what, h->name, size, alignment, r->seq + 1);
    if (o == NULL)
        return NULL;
    r->seq++;
    r->used_rest += bytes;
    r->reserved += bytes;
    if (r->flags & R_LIMITED)
        limit_charge(r, bytes);
    return o->ptr;
}

void *debug_region_carve(struct region *r, size_t size, size_t alignment,
                         const char *what)
{
    return carve(r, size, alignment, what, 0);
}

/* The live object of r at ptr; else stop. */
static struct debug_object *object_of(struct region *r, const void *ptr,
                                      const char *call, const char *what)
{
    struct debug_object *o = debug_object_find(ptr);
    if (o == NULL || o->ended || o->holder != &r->debug->holder ||
        strcmp(o->what, what) != 0)
        debug_misuse_pointer(call, ptr, what, &r->debug->holder);
    return o;
}

static void object_end(struct region *r, struct debug_object *o)
{
    size_t bytes = debug_rounded(o);
    region_note_peak(r);
    r->used_rest -= bytes;
    r->reserved -= bytes;
    if (r->flags & R_LIMITED)
        limit_uncharge(r, bytes);
    debug_object_end(o, r->flags & R_CLEAR);
}

/* Always to another place; the old one ends, unless a rewind needs it. */
void *debug_region_realloc(struct region *r, void *ptr, size_t old_size,
                           size_t new_size)
{
    struct debug_object *o = object_of(r, ptr, "pond_realloc", debug_an_object);
    if (o->asked != old_size)
        misuse_of(o, "is said to have %zu", old_size);
    bool old = r->mark && o->serial < r->mark->serial;
    void *moved =
        carve(r, new_size, 16, debug_an_object, old ? 0 : debug_rounded(o));
    if (moved == NULL && new_size <= old_size) {
        o->asked = new_size; /* as ever, to shrink cannot fail */
        return ptr;
    }
    if (moved == NULL)
        return region_fail(r);
    memcpy(moved, ptr, old_size < new_size ? old_size : new_size);
    if (!old)
        object_end(r, o);
    return moved;
}

void debug_cleanup_check(const struct pond_cleanup *c, const char *call)
{
    const struct debug_object *o = debug_object_find(c);
    if (o == NULL || o->ended || strcmp(o->what, "cleanup") != 0)
        debug_misuse_pointer(call, c, "cleanup", NULL);
}

void debug_cleanup_end(struct pond_cleanup *c)
{
    object_end(c->region, debug_object_find(c));
}

/* ---------------------------------------------------------------- knowing */

size_t debug_region_bytes(const struct region *r)
{
    size_t bytes = sizeof *r + r->debug->holder.bytes;
    for (const struct resident *e = r->residents; e; e = e->next)
        bytes += e->debug->holder.bytes;
    return bytes;
}

size_t debug_region_objects(const struct region *r)
{
    size_t n = r->debug->holder.n;
    for (const struct resident *e = r->residents; e; e = e->next)
        n += e->debug->holder.n;
    return n;
}
