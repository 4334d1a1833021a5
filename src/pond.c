/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond.c - layer 3: lifetimes. Create, reset, destroy; children and parents.
 *
 * A thread keeps a few ended ponds of each class, handle and first block
 * intact: their fields are already in the state of an empty pond but for cur,
 * end, the magic and the links. Creating one of those and ending a pond whose
 * flags are 0 are the two short paths; everything else is general.
 */
#include "region.h"

#include <string.h>

uint64_t region_secret; /* see thread.c */

const char *pond_version(void)
{
    return POND_VERSION;
}

/* ------------------------------------------------------------- creation */

static void link_child(struct region *parent, struct region *r)
{
    r->parent = parent;
    r->prev = NULL;
    r->next = parent->child;
    if (r->next)
        r->next->prev = r;
    parent->child = r;
    parent->flags |= R_CHILD;
    r->serial = ++parent->seq;
}

static void unlink_child(struct region *r)
{
    if (r->parent == NULL)
        return;
    if (r->prev)
        r->prev->next = r->next;
    else
        r->parent->child = r->next;
    if (r->next)
        r->next->prev = r->prev;
}

static void kept_bytes_add(struct thread *t, size_t bytes)
{
    __atomic_store_n(&t->kept_bytes, t->kept_bytes + bytes, __ATOMIC_RELAXED);
}

/* Take the newest kept pond of a class if its first block is that large. */
static struct region *kept_take(struct thread *t, struct kept *k,
                                unsigned first)
{
    struct region *r = k->head;
    if (r == NULL || r->first != first)
        return NULL;
    k->head = r->next;
    k->n--;
    kept_bytes_add(t, -block_bytes(first));
    r->magic = magic_at(r, MAGIC_LIVE);
    r->head.cur = region_start(r);
    r->head.end = r->real_end;
    r->zero_from = r->real_end;
    return r;
}

/* A handle in a block of its own, empty and alive, linked to nothing. */
static struct region *region_make(struct pond_class *class, unsigned first)
{
    struct thread *t = thread_get();
    struct block_grant g = block_take(thread_blocks(t), first);
    if (g.base == NULL) {
        thread_flush(t); /* idle blocks of other classes may make room */
        g = block_take(thread_blocks(t), first);
    }
    if (g.base == NULL)
        return NULL;
    void *handle = g.base + block_colour(g.base, first);
    struct region *r = handle;
    if (!g.zero)
        memset(r, 0, sizeof *r);
    r->magic = magic_at(r, MAGIC_LIVE);
    r->class = class;
    r->first = r->grown = (uint8_t)first;
    r->real_end = g.base + block_bytes(first);
    r->head.cur = region_start(r);
    r->head.end = r->real_end;
    r->zero_from = g.zero ? r->head.cur : r->real_end;
    return r;
}

/* Give handle and first block back; nothing else is left of the pond. */
static void region_discard(struct thread *t, struct region *r)
{
    r->magic = magic_at(r, MAGIC_DEAD);
    r->head.end = r->head.cur;
    block_give(thread_blocks(t), region_base(r), r->first);
}

void region_kept_flush(struct thread *t, struct kept *k)
{
    while (k->head) {
        struct region *r = k->head;
        k->head = r->next;
        kept_bytes_add(t, -block_bytes(r->first));
        region_discard(t, r);
    }
    k->n = 0;
}

/* The class of this name, by pointer if the thread has seen it lately. */
static struct pond_class *class_of(struct thread *t, const char *name)
{
    if (name == NULL)
        name = "pond";
    if (t == NULL)
        return class_find(name);
    uintptr_t h = (uintptr_t)name;
    struct name_slot *s = &t->names[(h ^ h >> 6) % NAME_SLOTS];
    if (s->name == name && class_is(s->class, name))
        return s->class;
    s->class = class_find(name);
    s->name = name;
    return s->class;
}

/* Under limits, charge the first block of r to its parent's. */
static bool charge_first(struct region *parent, struct region *r)
{
    size_t room = limit_room(parent) & ~(size_t)15;
    size_t bytes = block_bytes(r->first);
    size_t least = (size_t)(region_start(r) - region_base(r));
    if (room < least)
        return false;
    r->first_charged = room < bytes ? room : bytes;
    r->head.end = region_base(r) + r->first_charged;
    limit_charge(parent, r->first_charged);
    r->limit = parent->limit;
    r->flags |= R_LIMITED;
    return true;
}

/* Give up on a region that was made but is not linked yet. */
static pond *create_failed(struct region *parent, struct region *r)
{
    if (r)
        region_discard(thread_get(), r);
    if (parent)
        region_fail(parent);
    return NULL;
}

static pond *create(struct region *parent, struct pond_class *class,
                    unsigned first, uint32_t options)
{
    struct thread *t = thread_get();
    struct region *r = NULL;
    if (parent && parent->flags & R_LIMITED)
        while (first > 0 && block_bytes(first) > limit_room(parent))
            first--;
    if (t) {
        struct kept *k = &t->kept[class->index];
        if (k->head && k->head->first != first)
            region_kept_flush(t, k); /* what was learned has changed */
        r = kept_take(t, k, first);
        if (r)
            r->parent = NULL;
    }
    if (r == NULL)
        r = region_make(class, first);
    if (r == NULL)
        return create_failed(parent, NULL);
    r->flags = options;
    if (parent) {
        if (parent->flags & R_LIMITED && !charge_first(parent, r))
            return create_failed(parent, r);
        link_child(parent, r);
        if (parent->flags & R_ENDING)
            region_count_round(parent);
        if (r->flags & R_LIMITED)
            limit_notify(parent);
    }
    return &r->head;
}

pond *pond_create(pond *parent, const char *name)
{
    struct region *above = NULL;
    if (parent)
        above = region_of(parent, "pond_create");
    struct thread *t = thread_self;
    struct pond_class *class = class_of(t, name);
    unsigned first = class_first(class);
    if (POND_LIKELY(t && !(above && above->flags & (R_LIMITED | R_ENDING)))) {
        struct region *r = kept_take(t, &t->kept[class->index], first);
        if (POND_LIKELY(r != NULL)) {
            r->parent = NULL;
            if (above)
                link_child(above, r);
            return &r->head;
        }
    }
    return create(above, class, first, 0);
}

pond *pond_create_with(pond *parent, const char *name, const pond_options *o)
{
    if (o == NULL)
        return pond_create(parent, name);
    struct region *above = NULL;
    if (parent)
        above = region_of(parent, "pond_create_with");
    size_t bytes = 0;
    uint32_t options = 0;
    bool fits = o->size >= sizeof *o;
    if (fits) {
        bytes = o->first_block_bytes;
        fits = bytes == 0 || (bytes >= BLOCK_MIN && bytes <= BLOCK_SLICE);
        options = (bytes ? R_FIXED : 0u) | (o->clear_on_end ? R_CLEAR : 0u) |
                  (o->huge_pages ? R_HUGE : 0u);
    }
    if (!fits)
        return create_failed(above, NULL);
    struct pond_class *class = class_of(thread_self, name);
    return create(above, class,
                  bytes ? block_class_for(bytes) : class_first(class), options);
}

/* ------------------------------------------------------------------ end */

void region_count_round(struct region *r)
{
    if (++r->rounds == 0)
        misuse("65536 cleanups or children were registered in pond \"%s\" "
               "(%p) while it was being ended",
               r->class->name, (void *)r);
}

static void run_newest_cleanup(struct region *r)
{
    struct pond_cleanup *c = r->cleanups;
    void (*fn)(void *) = c->fn;
    r->cleanups = c->next;
    if (c->next)
        c->next->prev = NULL;
    c->fn = NULL;
    c->next = r->free_cleanups;
    r->free_cleanups = c;
    fn(c->arg);
}

/* What an ended pond teaches about the first block of its class. */
static void learn(struct kept *k, struct region *r)
{
    if (r->flags & R_FIXED)
        return;
    /* A large object says nothing, unless all would have fitted one block. */
    if (r->blocks || (r->own && region_used(r) <= BLOCK_SLICE)) {
        class_outgrown(r->class, k, r->first);
        return;
    }
    k->outgrew = (uint8_t)(k->outgrew << 1);
    size_t used = (size_t)(r->head.cur - region_base(r));
    if (used * 2 <= block_bytes(r->first))
        class_fitted_half(r->class, k, r->first);
    else
        k->fitted = 0;
}

/* An empty region whose first block is all that is left: keep it or give it
 * back. */
static void region_put(struct thread *t, struct region *r)
{
    size_t bytes = block_bytes(r->first);
    if (POND_LIKELY(t != NULL)) {
        struct kept *k = &t->kept[r->class->index];
        if (POND_LIKELY(k->n < KEPT_MAX &&
                        t->kept_bytes + bytes <= block_cache_bound() / 4 &&
                        (k->head == NULL || k->head->first == r->first))) {
            r->magic = magic_at(r, MAGIC_DEAD);
            r->head.end = r->head.cur;
            r->next = k->head;
            k->head = r;
            k->n++;
            kept_bytes_add(t, bytes);
            return;
        }
    }
    region_discard(t, r);
}

/* Clear what was handed out, for those who asked; not optimised away. */
static void clear(char *from, char *to)
{
    memset(from, 0, (size_t)(to - from));
    __asm__ volatile("" : : "r"(from) : "memory");
}

/* End the memory of r but for its first block, which is empty and current
 * afterwards. */
static void release_blocks(struct region *r)
{
    while (r->own) {
        struct block_head *b = r->own;
        r->own = b->older;
        region_block_give(r, b);
    }
    for (struct resident *e = r->residents; e; e = e->next)
        while (e->blocks) {
            struct block_head *b = e->blocks;
            e->blocks = b->older;
            region_block_give(r, b);
        }
    if (r->current)
        r->current->fill = r->head.cur;
    while (r->blocks) {
        struct block_head *b = r->blocks;
        r->blocks = b->older;
        region_block_give(r, b);
    }
    if (r->flags & R_CLEAR)
        clear(region_start(r), r->current ? r->first_fill : r->head.cur);
    if (r->current)
        r->zero_from = r->real_end = region_base(r) + block_bytes(r->first);
    else if (r->zero_from < r->head.cur)
        r->zero_from = r->head.cur;
    r->current = NULL;
    r->head.cur = region_start(r);
    r->head.end = r->real_end;
    if (r->flags & R_LIMITED)
        r->head.end = region_base(r) + r->first_charged;
    r->residents = NULL;
    r->cleanups = r->free_cleanups = NULL;
    r->mark = NULL;
    r->life = 0;
    r->used_rest = 0;
    r->peak = 0;
    r->rounds = 0;
    r->grown = r->first;
}

/* The end of one region whose children and cleanups have ended. */
static void region_end(struct thread *t, struct region *r)
{
    unlink_child(r);
    if (t)
        learn(&t->kept[r->class->index], r);
    release_blocks(r);
    if (r->flags & R_LIMITED) {
        r->flags &= ~(uint32_t)R_LIMIT; /* its own ends with it */
        struct region *above = r->parent ? r->parent->limit : NULL;
        if (above)
            limit_uncharge(r->parent, r->first_charged);
        r->limit = NULL;
        r->head.end = r->real_end;
    }
    r->flags = 0;
    region_put(t, r);
}

void region_end_young(struct region *top, uint64_t serial)
{
    struct region *r = top;
    top->flags |= R_ENDING;
    for (;;) {
        uint64_t floor = r == top ? serial : 0;
        if (r->child && r->child->serial > floor) {
            r = r->child;
            if (r->flags & R_ENDING)
                misuse("a cleanup of pond \"%s\" (%p) ended an ancestor of it",
                       r->class->name, (void *)r);
            r->flags |= R_ENDING;
        } else if (r->cleanups && r->cleanups->serial > floor) {
            run_newest_cleanup(r);
        } else if (r == top) {
            break;
        } else {
            struct region *parent = r->parent;
            region_end(thread_self, r);
            r = parent;
        }
    }
    top->flags &= ~(uint32_t)R_ENDING;
    top->rounds = 0;
}

static void check_not_ending(const struct region *r, const char *call)
{
    if (r->flags & R_ENDING)
        misuse("%s: pond \"%s\" (%p) is being ended already, and one of its "
               "cleanups or of its descendants' ends it again",
               call, r->class->name, (const void *)r);
}

void pond_reset(pond *p)
{
    struct region *r = region_of(p, "pond_reset");
    check_not_ending(r, "pond_reset");
    region_end_young(r, 0);
    struct thread *t = thread_get();
    if (t)
        learn(&t->kept[r->class->index], r);
    release_blocks(r);
    r->flags &= R_STAY | R_OVER;
}

void pond_destroy(pond *p)
{
    if (p == NULL)
        return;
    struct region *r = region_of(p, "pond_destroy");
    struct thread *t = thread_self;
    if (POND_LIKELY(r->flags == 0 && t != NULL)) {
        unlink_child(r);
        learn(&t->kept[r->class->index], r);
        region_put(t, r);
        return;
    }
    check_not_ending(r, "pond_destroy");
    t = thread_get();
    region_end_young(r, 0);
    region_end(t, r);
}

pond *pond_parent(const pond *p)
{
    struct region *r = region_of(p, "pond_parent");
    return r->parent ? &r->parent->head : NULL;
}

const char *pond_name(const pond *p)
{
    return region_of(p, "pond_name")->class->name;
}

void pond_hand_over(pond *p)
{
    region_of(p, "pond_hand_over");
}
