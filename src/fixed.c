/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fixed.c - layer 4: pools of objects of one size.
 *
 *   block   +------+------------+------+------+-- --+------+-- --+------+
 *           |colour|fixed_block | unit | unit |     | unit |     |      |
 *           +------+------------+------+------+-- --+------+-- --+------+
 *                               <------- carved --------->
 *
 * A carved unit is handed out, in the pool's list (free, the fast one), or in
 * its block's own list (block->free). Both lists go through the units' first
 * bytes. Units come back into the pool's list; when enough have, a sweep deals
 * them out to their blocks, and a block with all of its units back is empty
 * and goes back to the pond's block source, unless it is the one to carve
 * from. So neither call counts anything but `live`, and no step is long.
 */
#include "pond/fixed.h"

#include "debug.h"
#include "region.h"

struct fixed_block {
    struct block_head head;
    struct fixed_block *next, *prev; /* in fixed.partial, circular */
    struct fixed *owner;
    void *free;
    char *units;
    uint32_t n_free;   /* in its own list; in fixed.partial if not 0 */
    uint32_t carved;   /* n_free <= carved <= capacity */
    uint32_t capacity; /* units that fit */
};

struct fixed {
    pond_fixed head;
    struct resident resident;
    size_t size;                  /* of an object, as it was asked for */
    size_t unit;                  /* bytes; a multiple of 16 */
    size_t alignment;             /* of units: 16, 32 or 64 */
    size_t next_bytes, max_bytes; /* of the next block, and the largest */
    size_t batch;                 /* units freed between two sweeps, at most */
    size_t n_blocks;
    size_t out;                  /* units in the list and handed out */
    struct fixed_block *partial; /* the fuller ones first */
    struct fixed_block *carve;   /* NULL, or the one that may have uncarved
                                    units */
};

enum {
    FIRST_UNITS = 8,         /* in the first block, about */
    CARVE_BYTES = 4096,      /* at once */
    BATCH_BYTES = 256 << 10, /* of units, between two sweeps */
    BATCH_LEAST = 64,
    BATCH_MOST = 4096,
    FEW_BLOCKS = 16 /* that a pool may hold without need */
};
#define SIZE_LIMIT ((size_t)PTRDIFF_MAX - ((size_t)4 << 20))

extern inline void *pond_fixed_alloc(pond_fixed *f);
extern inline void pond_fixed_free(pond_fixed *f, void *object);

static void *link_of(const void *unit)
{
    void *next;
    __builtin_memcpy(&next, unit, sizeof next);
    return next;
}

static void set_link(void *unit, void *next)
{
    __builtin_memcpy(unit, &next, sizeof next);
}

static struct fixed *fixed_of(pond_fixed *p, const char *call,
                              const void *caller)
{
    struct fixed *f = (struct fixed *)(void *)p;
    if (debug_on)
        debug_pool_check(p, "fixed pool", call, caller);
    if (f->resident.region == NULL)
        misuse("%s: the pond of the pool at %p has ended", call, (void *)p);
    return f;
}

static size_t fixed_used(const struct resident *e)
{
    const char *at = (const char *)e - offsetof(struct fixed, resident);
    const struct fixed *f = (const struct fixed *)(const void *)at;
    return f->head.live * f->unit;
}

/* Let each call from now on be a slow one. */
static void call_slowly(struct fixed *f)
{
    f->head.free = NULL;
    f->head.sweep_below = SIZE_MAX;
    f->head.live = 1;
}

static void fixed_close(struct resident *e)
{
    char *at = (char *)e - offsetof(struct fixed, resident);
    struct fixed *f = (struct fixed *)(void *)at;
    if (!debug_on && f->head.live > f->out)
        misuse("more objects were freed in the fixed pool at %p in pond "
               "\"%s\" than allocated",
               (void *)f, region_class(e->region)->name);
    call_slowly(f);
}

static const struct resident_kind a_fixed = {fixed_used, fixed_close};

/* -------------------------------------------------------------- creation */

/* From a head's end to the first unit. */
static size_t before_units(const struct fixed *f)
{
    size_t end = sizeof(struct fixed_block);
    end = (end + f->alignment - 1) & ~(f->alignment - 1);
    return end - sizeof(struct block_head);
}

/* The power of two that holds n units, between two bounds. */
static size_t bytes_for(const struct fixed *f, size_t n, size_t least,
                        size_t most)
{
    size_t bytes = least;
    while (bytes < most && bytes < n * f->unit)
        bytes *= 2;
    return bytes;
}

/* Whether e has what it needs where debug_on. */
static bool debug_ready(struct fixed *f, struct region *r)
{
    call_slowly(f);
    return debug_pool_add(&f->resident, r, f, "fixed pool");
}

static pond_fixed *create(struct region *r, size_t object_size)
{
    char *dirty;
    if (object_size > SIZE_LIMIT)
        return region_fail(r);
    struct fixed *f = debug_on
                          ? debug_region_carve(r, sizeof *f, 16, "fixed pool")
                          : region_carve(r, sizeof *f, 16, &dirty);
    if (f == NULL)
        return region_fail(r);
    *f = (struct fixed){.size = object_size,
                        .unit = object_size ? round16(object_size) : 16};
    f->alignment = f->unit & -f->unit;
    if (f->alignment > 64)
        f->alignment = 64;
    f->next_bytes = BLOCK_RUN_MAX;
    f->max_bytes = BLOCK_RUN_MAX;
    if (f->unit < BLOCK_RUN_MAX) {
        size_t most = BLOCK_RUN_MAX;
        f->max_bytes = bytes_for(f, FIRST_UNITS, BLOCK_SLICE, most);
        f->next_bytes = bytes_for(f, FIRST_UNITS, BLOCK_MIN, f->max_bytes);
    }
    f->batch = BATCH_BYTES / f->unit;
    if (f->batch < BATCH_LEAST)
        f->batch = BATCH_LEAST;
    if (f->batch > BATCH_MOST)
        f->batch = BATCH_MOST;
    if (debug_on && !debug_ready(f, r))
        return region_fail(r);
    resident_add(r, &f->resident, &a_fixed);
    return &f->head;
}

pond_fixed *pond_fixed_create(pond *p, size_t object_size)
{
    struct region *r = region_of(p, "pond_fixed_create");
    DEBUG_ENTER(r, "pond_fixed_create");
    pond_fixed *f = create(r, object_size);
    DEBUG_LEAVE();
    return f;
}

/* ---------------------------------------------------------------- blocks */

static void partial_add(struct fixed *f, struct fixed_block *b, bool front)
{
    struct fixed_block *head = f->partial;
    if (head == NULL) {
        f->partial = b->next = b->prev = b;
        return;
    }
    b->next = head;
    b->prev = head->prev;
    head->prev->next = b;
    head->prev = b;
    if (front)
        f->partial = b;
}

static void partial_remove(struct fixed *f, struct fixed_block *b)
{
    if (b->next == b) {
        f->partial = NULL;
        return;
    }
    b->prev->next = b->next;
    b->next->prev = b->prev;
    if (f->partial == b)
        f->partial = b->next;
}

static struct fixed_block *block_add(struct fixed *f)
{
    size_t before = before_units(f), least = before + f->unit;
    size_t bytes = f->next_bytes - sizeof(struct block_head);
    if (f->next_bytes > block_bytes(2))
        bytes -= 7 * 64; /* the most that colour takes */
    if (bytes < least)
        bytes = least;
    bool zero;
    struct block_head *h = resident_take(&f->resident, bytes, least, &zero);
    if (h == NULL)
        return NULL;
    struct fixed_block *b = (struct fixed_block *)(void *)h;
    b->owner = f;
    b->free = NULL;
    b->units = head_start(h) + before;
    b->n_free = b->carved = 0;
    size_t room = (size_t)(head_base(h) + h->charged - b->units);
    b->capacity = (uint32_t)(room / f->unit);
    f->n_blocks++;
    if (f->next_bytes < f->max_bytes)
        f->next_bytes *= 2;
    return b;
}

/* All units of a block are back: it is to be carved anew, or goes. */
static void block_emptied(struct fixed *f, struct fixed_block *b)
{
    struct fixed_block *c = f->carve;
    partial_remove(f, b);
    b->free = NULL;
    b->n_free = b->carved = 0;
    if (c == NULL || c == b || c->carved == c->capacity) {
        f->carve = b;
        return;
    }
    resident_give(&f->resident, &b->head);
    f->n_blocks--;
}

_Noreturn static void misuse_free(const struct fixed *f, const void *unit)
{
    misuse("pond_fixed_free: %p is no object of the pool at %p in pond "
           "\"%s\", or was freed twice",
           unit, (const void *)f, region_class(f->resident.region)->name);
}

static struct fixed_block *block_of(struct fixed *f, void *unit)
{
    struct block_place place = block_find(unit);
    void *at = place.base + block_colour(place.base, place.class);
    struct fixed_block *b = at;
    if (b->head.magic != magic_at(b, MAGIC_BLOCK) || b->owner != f ||
        b->n_free >= b->carved)
        misuse_free(f, unit);
    return b;
}

/* ------------------------------------------------------------ slow paths */

/*
 * When to look next: when a batch has been freed, so that no look is long; and
 * when all objects are gone, unless one block is all there is. With many
 * blocks also when half of the objects are gone, lest a few objects live on
 * among blocks that nothing but units in the list holds.
 */
static void plan_sweep(struct fixed *f)
{
    size_t live = f->head.live, at = 0;
    if (f->n_blocks <= 1) {
        f->head.sweep_below = 0;
        return;
    }
    if (f->n_blocks > FEW_BLOCKS)
        at = live / 2;
    if (live > f->batch && at < live - f->batch)
        at = live - f->batch;
    f->head.sweep_below = at + 1;
}

/* Deal the units in the list out to their blocks. */
static void sweep(struct fixed *f)
{
    void *unit = f->head.free;
    f->head.free = NULL;
    for (; f->out > f->head.live; f->out--) {
        if (unit == NULL)
            misuse_free(f, unit);
        void *next = link_of(unit);
        struct fixed_block *b = block_of(f, unit);
        set_link(unit, b->free);
        b->free = unit;
        b->n_free++;
        if (b->n_free == 1) {
            partial_add(f, b, true);
        } else if (b->n_free == b->capacity / 2) {
            partial_remove(f, b);
            partial_add(f, b, false);
        }
        if (b->n_free == b->carved)
            block_emptied(f, b);
        unit = next;
    }
    if (unit)
        misuse_free(f, unit);
}

/* No object is left: keep the newest block, which is the largest. */
static void keep_one(struct fixed *f)
{
    struct block_head *h = f->resident.blocks;
    while (h->older)
        resident_give(&f->resident, h->older);
    f->carve = (struct fixed_block *)(void *)h;
    f->carve->free = NULL;
    f->carve->n_free = f->carve->carved = 0;
    f->partial = NULL;
    f->head.free = NULL;
    f->n_blocks = 1;
    f->out = 0;
}

/* The inlined part has put the object into the list, and counted it. */
static void free_debug(struct fixed *f, const void *caller)
{
    void *object = f->head.free;
    f->head.free = NULL;
    struct debug_tree *in =
        debug_enter(f->resident.region, "pond_fixed_free", caller);
    struct debug_pool *p = f->resident.debug;
    debug_pool_free(p, debug_pool_find(p, object, "pond_fixed_free"));
    debug_leave(in);
}

void pond_fixed_free_slow(pond_fixed *p)
{
    struct fixed *f = fixed_of(p, "pond_fixed_free", CALLER);
    if (debug_on) {
        free_debug(f, CALLER);
        return;
    }
    if (f->head.live == 0)
        keep_one(f);
    else
        sweep(f);
    plan_sweep(f);
}

/* Link some units of a block that have never been used, lowest first. */
static void carve(struct fixed *f, struct fixed_block *b)
{
    uint32_t left = b->capacity - b->carved;
    uint32_t n = (uint32_t)(CARVE_BYTES / f->unit);
    n = n < 1 ? 1 : n < left ? n : left;
    char *unit = b->units + (size_t)b->carved * f->unit;
    f->head.free = unit;
    for (uint32_t i = 1; i < n; i++, unit += f->unit)
        set_link(unit, unit + f->unit);
    set_link(unit, NULL);
    b->carved += n;
    f->out += n;
}

/* Fill the list, which is empty; false: no memory. */
static bool refill(struct fixed *f)
{
    struct fixed_block *b = f->partial;
    if (b) {
        partial_remove(f, b);
        f->head.free = b->free;
        f->out += b->n_free;
        b->free = NULL;
        b->n_free = 0;
        return true;
    }
    if (f->carve == NULL || f->carve->carved == f->carve->capacity) {
        b = block_add(f);
        if (b == NULL)
            return false;
        f->carve = b;
    }
    carve(f, f->carve);
    return true;
}

/* pond_fixed_free writes a pointer to the object, so it holds one. */
static void *alloc_debug(struct fixed *f, const void *caller)
{
    struct region *r = f->resident.region;
    struct debug_tree *in = debug_enter(r, "pond_fixed_alloc", caller);
    size_t size = f->size < sizeof(void *) ? sizeof(void *) : f->size;
    void *object = debug_pool_alloc(f->resident.debug, size, f->alignment);
    if (object) {
        f->head.live++;
        resident_notify(&f->resident);
    } else {
        region_fail(r);
    }
    debug_leave(in);
    return object;
}

void *pond_fixed_alloc_slow(pond_fixed *p)
{
    struct fixed *f = fixed_of(p, "pond_fixed_alloc", CALLER);
    if (debug_on)
        return alloc_debug(f, CALLER);
    if (!refill(f))
        return region_fail(f->resident.region);
    void *unit = f->head.free;
    f->head.free = link_of(unit);
    f->head.live++;
    plan_sweep(f);
    resident_notify(&f->resident);
    return unit;
}
