/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond.c - layer 3: lifetimes. Create, reset, destroy; children and parents.
 *
 * A thread keeps a few ended ponds of each class, handle and first block
 * intact (see region_kept.h). Creating one of those and ending a pond whose
 * flags are 0 are the two short paths; everything else is general.
 */
#include "debug.h"
#include "region_kept.h"

#include <string.h>

uint64_t region_secret, region_live; /* see thread.c */

enum { END_ROUNDS = 65536 }; /* registrations while an end goes on */

const char *pond_version(void)
{
    return POND_VERSION;
}

/* ------------------------------------------------------------- creation */

static inline void link_child(struct region *parent, struct region *r)
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

static inline void unlink_child(struct region *r)
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

/* A handle in a block of its own, empty and alive, linked to nothing. */
static struct region *region_make(unsigned index, unsigned first)
{
    struct thread *t = thread_get();
    struct block_grant g = block_take(thread_blocks(t), first);
    if (g.base == NULL) {
        thread_flush(t); /* idle blocks of other classes may make room */
        g = block_take(thread_blocks(t), first);
    }
    if (g.base == NULL)
        return NULL;
    class_handles(&classes[index], 1);
    void *handle = g.base + block_colour(g.base, first);
    struct region *r = handle;
    if (!g.zero)
        memset(r, 0, sizeof *r);
    r->magic = region_live ^ (uintptr_t)r;
    r->index = index & 0xffff;
    r->first = (uint8_t)first;
    r->real_end = g.base + block_bytes(first);
    r->reserved = block_bytes(first);
    /* The smallest block cannot be halved. */
    r->half = g.base + (first > 0 ? block_bytes(first) / 2 : 0);
    region_set_ends(r, region_start(r), r->real_end);
    r->zero_from = g.zero ? r->head.cur : r->real_end;
    r->flags = g.zero ? R_FRESH : 0;
    return r;
}

void region_discard(struct thread *t, struct region *r)
{
    if (debug_on) {
        debug_region_discard(r);
        return;
    }
    r->magic = magic_at(r, MAGIC_DEAD);
    r->head.end = r->head.cur;
    class_handles(region_class(r), -1);
    block_give(thread_blocks(t), region_base(r), r->first);
}

/* Under limits, charge the first block of r to its parent's. */
static bool charge_first(struct region *parent, struct region *r)
{
    size_t room = limit_room(parent) & ~(size_t)15;
    size_t bytes = debug_on ? sizeof *r : block_bytes(r->first);
    size_t least =
        debug_on ? bytes : (size_t)(region_start(r) - region_base(r));
    if (room < least)
        return false;
    r->first_charged = room < bytes ? room : bytes;
    if (!debug_on)
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

/* first: block class of the first block, or LEARNED. */
enum { LEARNED = 255 };

static pond *create_inside(struct region *parent, const char *name,
                           unsigned first, uint32_t options)
{
    struct thread *t = thread_get();
    if (name == NULL)
        name = "pond";
    struct kept *k = t ? kept_find(t, name) : NULL;
    struct pond_class *class = k ? k->class : class_find(name);
    if (first == LEARNED) {
        first = class_first(class);
        if (k && k->cap > 0 && k->first != first)
            region_kept_flush(t, k); /* of a size that is out of use */
    }
    if (parent && parent->flags & R_LIMITED && !debug_on)
        while (first > 0 && block_bytes(first) > limit_room(parent))
            first--;
    struct region *r = k && k->first == first ? kept_take(k) : NULL;
    if (r == NULL && k && !k->newest && !k->older)
        r = kept_restock(t, k, class->index, first);
    if (r)
        region_revive(r);
    else if (debug_on)
        r = debug_region_make(parent, class->index);
    else
        r = region_make(class->index, first);
    if (r == NULL)
        return create_failed(parent, NULL);
    r->flags |= options;
    if (parent) {
        if (parent->flags & R_LIMITED && !charge_first(parent, r))
            return create_failed(parent, r);
        link_child(parent, r);
        if (r->flags & R_LIMITED)
            limit_notify(parent);
    }
    return &r->head;
}

static __attribute__((noinline)) pond *create(struct region *parent,
                                              const char *name, unsigned first,
                                              uint32_t options)
{
    thread_get(); /* sets the process up */
    DEBUG_ENTER(parent, "pond_create");
    pond *p = create_inside(parent, name, first, options);
    DEBUG_LEAVE();
    return p;
}

/* The short way: a kept pond of a name seen lately, revived, or NULL. The
 * newest is taken without asking what size the class publishes: another thread
 * may have changed it, but the ponds of this one go on to fill theirs well. */
static inline struct region *create_short(struct thread *t, const char *name)
{
    unsigned slot = slot_of(name);
    struct kept *k = t->named[slot];
    if (__builtin_expect(t->names[slot] != name || !kept_is(k, name), 0))
        return NULL;
    struct region *r = k->newest;
    t->last = k;
    if (POND_LIKELY(r != NULL))
        kept_set_newest(k, NULL);
    else if (k->first == class_first(k->class))
        r = kept_take_older(k);
    if (POND_LIKELY(r != NULL))
        region_revive(r);
    return r;
}

static __attribute__((noinline)) pond *create_child(pond *parent,
                                                    const char *name)
{
    struct region *above = region_of(parent, "pond_create");
    struct thread *t = thread_self;
    if (POND_LIKELY(t != NULL && !(above->flags & R_LIMITED))) {
        struct region *r = create_short(t, name);
        if (POND_LIKELY(r != NULL)) {
            link_child(above, r);
            return &r->head;
        }
    }
    return create(above, name, LEARNED, 0);
}

/* All calls from here and the one above are in tail position, so they need no
 * stack frame. */
pond *pond_create(pond *parent, const char *name)
{
    if (parent)
        return create_child(parent, name);
    struct thread *t = thread_self;
    if (POND_LIKELY(t != NULL)) {
        struct region *r = create_short(t, name);
        if (POND_LIKELY(r != NULL))
            return &r->head;
    }
    return create(NULL, name, LEARNED, 0);
}

pond *pond_create_with(pond *parent, const char *name, const pond_options *o)
{
    if (o == NULL)
        return pond_create(parent, name);
    struct region *above = NULL;
    if (parent)
        above = region_of(parent, "pond_create_with");
    size_t bytes = o->size >= sizeof *o ? o->first_block_bytes : 1;
    if (bytes != 0 && (bytes < BLOCK_MIN || bytes > BLOCK_SLICE))
        return create_failed(above, NULL);
    uint32_t options = (bytes ? R_FIXED : 0u) |
                       (o->clear_on_end ? R_CLEAR : 0u) |
                       (o->huge_pages ? R_HUGE : 0u);
    return create(above, name, bytes ? block_class_for(bytes) : LEARNED,
                  options);
}

/* ------------------------------------------------------------------ end */

static void run_newest_cleanup(struct region *r)
{
    struct pond_cleanup *c = r->cleanups;
    void (*fn)(void *) = c->fn;
    void *arg = c->arg;
    r->cleanups = c->next;
    if (c->next)
        c->next->prev = NULL;
    cleanup_put(r, c);
    fn(arg);
}

/* One that held so many bytes ends. What is kept goes if it has become of a
 * size that is out of use. */
static void vote(struct thread *t, struct kept *k, size_t bytes)
{
    class_vote(k, bytes);
    if (k->cap > 0 && k->first != class_first(k->class))
        region_kept_flush(t, k);
    if (k->rise | k->fall)
        k->takes = KEPT_NONE;
}

/* What an ended pond teaches about the first block of its class, whatever it
 * had itself. Large objects would not have come to lie there. */
static void learn(struct thread *t, struct kept *k, struct region *r)
{
    for (struct resident *e = r->residents; e; e = e->next)
        e->kind->close(e);
    if (r->flags & R_FIXED)
        return;
    size_t bytes = sizeof *r + region_used(r);
    for (const struct block_head *b = r->own; b; b = b->older) {
        region_block_check(r, b);
        bytes -= (size_t)(b->fill - head_start(b));
    }
    vote(t, k, bytes);
}

/* An empty region whose first block is all that is left: keep it or give it
 * back. */
static void region_put(struct thread *t, struct kept *k, struct region *r)
{
    if (k == NULL || !kept_put(t, k, r))
        region_discard(t, r);
}

static struct kept *kept_for(struct thread *t, const struct region *r)
{
    if (t == NULL)
        return NULL;
    struct kept *k = &t->kept[r->index];
    k->class = region_class(r); /* it may have been created elsewhere */
    return k;
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
    if (debug_on) {
        debug_region_release(r);
        return;
    }
    while (r->own) {
        struct block_head *b = r->own;
        r->own = b->older;
        region_block_give(r, b);
    }
    for (struct resident *e = r->residents; e; e = e->next)
        resident_end(e);
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
    region_set_ends(r, region_start(r), r->real_end);
    if (r->flags & R_LIMITED)
        r->head.end = region_base(r) + r->first_charged;
    r->residents = NULL;
    r->cleanups = r->free_cleanups = NULL;
    r->mark = NULL;
    r->life = 0;
    r->used_rest = 0;
    r->peak = 0;
    r->grown = 0;
}

/* The end of one region whose children and cleanups have ended. */
static void region_end(struct thread *t, struct region *r)
{
    unlink_child(r);
    struct kept *k = kept_for(t, r);
    if (k)
        learn(t, k, r);
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
    region_put(t, k, r);
}

/* Mark r as ending; clean_seq then tells what is registered from now on. */
static void begin_end(struct region *r)
{
    if (r->flags & R_ENDING)
        misuse("a cleanup of pond \"%s\" (%p) ended an ancestor of it",
               region_class(r)->name, (void *)r);
    if (r->flags & R_HELD)
        misuse("the function of a soft limit ended pond \"%s\" (%p), which is "
               "allocating, or an ancestor of it",
               region_class(r)->name, (void *)r);
    r->flags |= R_ENDING;
    r->clean_seq = r->seq;
}

/* Count what was registered while r was ending; too much would never end. */
static void count_round(const struct region *r, uint64_t serial,
                        unsigned *rounds)
{
    if (serial > r->clean_seq && ++*rounds > END_ROUNDS)
        misuse("more than %d cleanups or children were registered in pond "
               "\"%s\" (%p) while it was being ended",
               END_ROUNDS, region_class(r)->name, (const void *)r);
}

void region_end_young(struct region *top, uint64_t serial)
{
    struct region *r = top;
    unsigned rounds = 0;
    begin_end(top);
    for (;;) {
        uint64_t floor = r == top ? serial : 0;
        if (r->child && r->child->serial > floor) {
            count_round(r, r->child->serial, &rounds);
            r = r->child;
            begin_end(r);
        } else if (r->cleanups && r->cleanups->serial > floor) {
            count_round(r, r->cleanups->serial, &rounds);
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
}

static void check_not_ending(const struct region *r, const char *call)
{
    if (r->flags & R_ENDING)
        misuse("%s: pond \"%s\" (%p) is being ended already, and one of its "
               "cleanups or of its descendants' ends it again",
               call, region_class(r)->name, (const void *)r);
}

void pond_reset(pond *p)
{
    struct region *r = region_of(p, "pond_reset");
    DEBUG_ENTER(r, "pond_reset");
    check_not_ending(r, "pond_reset");
    region_end_young(r, 0);
    struct thread *t = thread_get();
    struct kept *k = kept_for(t, r);
    if (k)
        learn(t, k, r);
    release_blocks(r);
    r->flags &= R_STAY | R_OVER;
    DEBUG_LEAVE();
}

static __attribute__((noinline)) void destroy(struct region *r)
{
    DEBUG_ENTER(r, "pond_destroy");
    check_not_ending(r, "pond_destroy");
    struct thread *t = thread_get();
    region_end_young(r, 0);
    region_end(t, r);
    DEBUG_LEAVE();
}

/* A pond that has nothing but blocks of the ladder, beside its first one. */
static __attribute__((noinline)) void destroy_plain(struct thread *t,
                                                    struct region *r)
{
    struct kept *k = kept_for(t, r);
    learn(t, k, r);
    unlink_child(r);
    if (r->blocks) {
        while (r->blocks) {
            struct block_head *b = r->blocks;
            r->blocks = b->older;
            region_block_check(r, b);
            b->magic = 0;
            if (b->class == BLOCK_RUN)
                block_give_run(b);
            else
                block_give(&t->blocks, b, b->class);
        }
        r->current = NULL;
        r->real_end = region_base(r) + block_bytes(r->first);
        r->reserved = block_bytes(r->first);
        r->used_rest = 0;
        r->grown = 0;
    }
    r->flags = 0;
    region_put(t, k, r);
}

static inline void keep_short(struct kept *k, struct region *r)
{
    if (__builtin_expect(r->parent != NULL, 0)) {
        unlink_child(r);
        r->parent = NULL;
    }
    region_kill(r);
    kept_set_newest(k, r);
}

/* What is not as expected below: a pond of another class than the last one made
 * here, or beside others that ended before it, or with a vote to cast. */
static __attribute__((noinline)) void destroy_other(struct thread *t,
                                                    struct region *r)
{
    struct kept *k = &t->kept[r->index];
    if (r->flags == 0 && r->first == k->first && k->cap > 0) {
        if (r->state != k->takes || r->head.cur <= r->half)
            vote(t, k, sizeof *r + region_used(r));
        if (k->cap > 0 && kept_make_room(k)) {
            keep_short(k, r);
            if ((k->rise | k->fall) == 0)
                k->takes = r->state;
        } else {
            unlink_child(r);
            region_put(t, k, r);
        }
    } else if ((r->flags & ~(uint32_t)(R_BLOCKS | R_FRESH)) == 0) {
        destroy_plain(t, r);
    } else {
        destroy(r);
    }
}

/* The short way: a pond of one block that it filled well enough becomes the
 * newest of those kept. Its class is guessed, so that the place does not have
 * to be found by way of r, for which the next pond_create would wait. */
void pond_destroy(pond *p)
{
    if (p == NULL)
        return;
    struct region *r = region_of(p, "pond_destroy");
    struct thread *t = thread_self;
    if (POND_LIKELY(t != NULL)) {
        struct kept *k = t->last;
        uint64_t other = (r->state ^ k->takes) | (uintptr_t)k->newest;
        if (POND_LIKELY(other == 0 && r->head.cur > r->half))
            keep_short(k, r);
        else
            destroy_other(t, r);
        return;
    }
    destroy(r);
}

pond *pond_parent(const pond *p)
{
    const struct region *r = (const struct region *)(const void *)p;
    if (!region_visiting)
        region_of(p, "pond_parent");
    return r->parent ? &r->parent->head : NULL;
}

const char *pond_name(const pond *p)
{
    const struct region *r = (const struct region *)(const void *)p;
    if (!region_visiting)
        region_of(p, "pond_name");
    return classes[r->index < CLASS_OTHER ? r->index : CLASS_OTHER].name;
}

void pond_hand_over(pond *p)
{
    struct region *r = region_of(p, "pond_hand_over");
    if (debug_on)
        debug_tree_hand_over(r->debug->tree);
}
