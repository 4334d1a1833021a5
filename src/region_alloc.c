/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_alloc.c - layer 3: what happens when the inlined allocation misses,
 * and the allocations that are never inlined.
 *
 * On a miss a region takes the next block of its ladder and goes on in
 * whichever of the two has more room left. An object of over 8 KiB that is over
 * an eighth of that next block gets a block of its own, which never becomes
 * current.
 */
#include "debug.h"
#include "region.h"

#include <string.h>

#define OWN_OVER ((size_t)8192)
#define SIZE_LIMIT ((size_t)PTRDIFF_MAX - ((size_t)4 << 20))
enum { LADDER_SLOW = 3, LADDER_FAST = 6 }; /* 4 and 32 KiB */
#define ALIGNMENT_MAX ((size_t)1 << 20)

void *region_fail(struct region *r)
{
    r->flags |= R_FAILED;
    return NULL;
}

/* --------------------------------------------------------------- blocks */

/* Whether a block of this size is a run or mapping, outside thread caches. */
static bool is_run(const struct region *r, size_t bytes)
{
    return bytes > BLOCK_SLICE || (r->flags & R_HUGE && bytes == BLOCK_SLICE);
}

static struct block_grant take(struct region *r, size_t bytes)
{
    struct thread *t = thread_get();
    struct block_grant g;
    for (int attempt = 0; attempt < 2; attempt++) {
        g = is_run(r, bytes)
                ? block_take_run(bytes, r->flags & R_HUGE)
                : block_take(thread_blocks(t), block_class_for(bytes));
        if (g.base || t == NULL)
            break;
        thread_flush(t); /* idle blocks of other classes may make room */
    }
    return g;
}

/* Bytes of a block that are not payload: the head, and as much colour as may
 * stand before it. Blocks of the ladder have none: they are many, their heads
 * are not used much, and a tenth of a 4 KiB block is not a small price. */
static size_t head_room(size_t payload, uint64_t magic)
{
    size_t head = sizeof(struct block_head);
    if (magic == MAGIC_LADDER || payload + head <= block_bytes(2))
        return head;
    return head + 7 * 64;
}

/* Bytes of the smallest block for a payload. */
static size_t block_size(size_t payload, uint64_t magic)
{
    size_t bytes = payload + head_room(payload, magic);
    if (bytes <= BLOCK_SLICE)
        return block_bytes(block_class_for(bytes));
    return (bytes + BLOCK_SLICE - 1) & ~(BLOCK_SLICE - 1);
}

/* Fit a block into the room that limits leave: the smallest that takes all of
 * it, so that the last block of a budget uses it up. 0: it does not fit. */
static size_t fit_to_room(size_t room, size_t want, size_t least,
                          uint64_t magic)
{
    size_t need = block_size(least, magic);
    if (room >= want)
        return want;
    if (room < least + head_room(least, magic))
        return 0;
    if (room < least + head_room(BLOCK_SLICE, magic))
        return need;
    while (want / 2 >= need && want / 2 >= room)
        want /= 2;
    return want;
}

/* Charge a new block, as far as there is room for it. tail: the unused end of
 * the current block makes room. Charged first, so that no limit sees the sum
 * fall and rise again. */
static void charge_block(struct region *r, struct block_head *b, bool tail)
{
    size_t room = limit_room(r);
    if (tail)
        room += (size_t)(r->head.end - r->head.cur);
    if (b->charged > room)
        b->charged = room & ~(size_t)15;
    limit_charge(r, b->charged);
    if (tail)
        limit_clamp(r);
}

struct block_head *region_block_take(struct region *r, size_t bytes,
                                     size_t least, uint64_t magic, bool *zero)
{
    size_t whole = block_size(bytes, magic), need = block_size(least, magic);
    size_t want = whole;
    bool tail = false;
    if (r->flags & R_LIMITED) {
        size_t room = limit_room(r);
        want = fit_to_room(room, whole, least, magic);
        tail = want == 0;
        if (tail) {
            room += (size_t)(r->head.end - r->head.cur);
            want = fit_to_room(room, whole, least, magic);
        }
    }
    if (want == 0)
        return NULL;
    struct block_grant g = take(r, want);
    if (g.base == NULL && need < want)
        g = take(r, want = need);
    if (g.base == NULL)
        return NULL;
    unsigned class = is_run(r, want) ? BLOCK_RUN : block_class_for(want);
    void *at = g.base;
    if (magic != MAGIC_LADDER)
        at = g.base + block_colour(g.base, class);
    struct block_head *b = at;
    *b = (struct block_head){.serial = ++r->seq & SERIAL_MASK,
                             .class = class & 0xff};
    b->magic = magic_at(b, magic);
    b->fill = head_start(b);
    *zero = g.zero;
    b->charged = head_bytes(b);
    r->reserved += b->charged;
    if (r->flags & R_LIMITED)
        charge_block(r, b, tail);
    return b;
}

void region_block_give(struct region *r, struct block_head *b)
{
    region_block_check(r, b);
    if (r->flags & R_CLEAR) {
        memset(head_start(b), 0, (size_t)(b->fill - head_start(b)));
        __asm__ volatile("" : : "r"(b) : "memory");
    }
    if (r->flags & R_LIMITED)
        limit_uncharge(r, b->charged);
    char *base = head_base(b);
    r->reserved -= head_bytes(b);
    b->magic = 0;
    if (b->class == BLOCK_RUN)
        block_give_run(base);
    else
        block_give(thread_blocks(thread_self), base, b->class);
}

static char *current_base(const struct region *r)
{
    return r->current ? head_base(r->current) : region_base(r);
}

void region_set_current(struct region *r, struct block_head *b, char *cur)
{
    size_t bytes = b ? head_bytes(b) : block_bytes(r->first);
    r->current = b;
    r->head.cur = cur;
    r->real_end = current_base(r) + bytes;
    r->head.end = r->real_end;
    if (r->flags & R_LIMITED)
        r->head.end = current_base(r) + (b ? b->charged : r->first_charged);
    r->zero_from = r->real_end;
}

/* --------------------------------------------------------------- misses */

/* Retire the current block and go on in b, behind its first object. */
static void move_to(struct region *r, struct block_head *b, char *cur,
                    char *end, bool zero)
{
    r->used_rest += (size_t)(r->head.cur - current_start(r));
    if (r->current)
        r->current->fill = r->head.cur;
    else
        r->first_fill = r->head.cur;
    r->current = b;
    r->real_end = end;
    region_set_ends(r, cur, end);
    if (r->flags & R_LIMITED)
        r->head.end = head_base(b) + b->charged;
    r->zero_from = zero ? head_start(b) : end;
}

static char *align_up(char *at, size_t alignment)
{
    return at + (-(uintptr_t)at & (alignment - 1));
}

/* The ladder: four blocks of each size below 32 KiB, the first block counted,
 * two of each above, up to 1 MiB. Of ponds that end at random sizes three
 * quarters of the memory is used then, where three fifths would be if each
 * block were twice the last. Below a page that saves nothing, as its other
 * blocks belong to ponds that end at other times: there the first block is
 * followed by one of its size and by one of each size. */
static unsigned next_class(const struct region *r)
{
    unsigned next = r->first, steps = r->grown + (next < LADDER_SLOW ? 0u : 1u);
    for (; next < LADDER_SLOW && steps >= 1; next++)
        steps--;
    for (; next < LADDER_FAST && steps >= 4; next++)
        steps -= 4;
    if (next >= LADDER_FAST)
        next += steps / 2;
    return next < BLOCK_CLASS_MAX ? next : BLOCK_CLASS_MAX;
}

/* Put a new block on the ladder, with an object in it; go on behind that if
 * there is more room than in the current one. */
static void *climb(struct region *r, struct block_head *b, char *end,
                   size_t rounded, size_t alignment, bool zero)
{
    b->older = r->blocks;
    r->blocks = b;
    r->flags |= R_BLOCKS;
    char *object = align_up(head_start(b), alignment);
    char *after = object + rounded;
    if (end - after >= r->real_end - r->head.cur) {
        move_to(r, b, after, end, zero);
    } else {
        b->fill = after;
        r->used_rest += (size_t)(after - head_start(b));
    }
    return object;
}

/* An object in the next block of the ladder. */
static void *carve_next(struct region *r, size_t rounded, size_t alignment,
                        char **dirty)
{
    unsigned next = next_class(r);
    size_t least = rounded + alignment - 16;
    size_t payload = block_bytes(next) - sizeof(struct block_head);
    bool zero;
    struct block_head *b = region_block_take(
        r, least > payload ? least : payload, least, MAGIC_LADDER, &zero);
    if (b == NULL)
        return NULL;
    if (next < BLOCK_CLASS_MAX)
        r->grown++; /* so at most 33 */
    char *object =
        climb(r, b, head_base(b) + head_bytes(b), rounded, alignment, zero);
    *dirty = zero ? object : object + rounded;
    return object;
}

/* The same for most misses: a small object, no limit, a block of those that
 * threads cache. NULL: try the long way. */
static void *carve_plain(struct region *r, size_t rounded)
{
    struct thread *t = thread_self;
    unsigned class = next_class(r);
    if (rounded + sizeof(struct block_head) > block_bytes(class))
        class = block_class_for(rounded + sizeof(struct block_head));
    if (t == NULL || class > BLOCK_CLASS_64K)
        return NULL;
    struct block_grant g = block_take(&t->blocks, class);
    if (g.base == NULL)
        return NULL;
    void *at = g.base;
    struct block_head *b = at;
    b->newer = NULL;
    b->magic = magic_at(b, MAGIC_LADDER);
    b->serial = ++r->seq & SERIAL_MASK;
    b->class = class & 0xff;
    b->charged = block_bytes(class);
    r->reserved += b->charged;
    r->grown++;
    return climb(r, b, g.base + block_bytes(class), rounded, 16, g.zero);
}

/* A large object in a block of its own. */
static void *carve_own(struct region *r, size_t rounded, size_t alignment,
                       char **dirty)
{
    size_t payload = rounded + alignment - 16;
    bool zero;
    struct block_head *b =
        region_block_take(r, payload, payload, MAGIC_OWN, &zero);
    if (b == NULL)
        return NULL;
    b->older = r->own;
    if (r->own)
        r->own->newer = b;
    r->own = b;
    r->flags |= R_OWN;
    char *object = align_up(head_start(b), alignment);
    b->fill = object + rounded;
    r->used_rest += (size_t)(b->fill - head_start(b));
    *dirty = zero ? object : b->fill;
    return object;
}

/* The same in the current block; NULL when it has no room. */
static void *carve_here(struct region *r, size_t rounded, size_t alignment,
                        char **dirty)
{
    size_t pad = -(uintptr_t)r->head.cur & (alignment - 1);
    if (pad + rounded > (size_t)(r->head.end - r->head.cur))
        return NULL;
    char *object = r->head.cur + pad;
    r->head.cur = object + rounded;
    *dirty = r->zero_from > object ? r->zero_from : object;
    if (*dirty > r->head.cur)
        *dirty = r->head.cur;
    return object;
}

/* The same where debug_on. */
static void *carve_debug(struct region *r, size_t size, size_t alignment,
                         char **dirty)
{
    char *object = debug_region_carve(r, size, alignment, debug_an_object);
    if (object == NULL)
        return region_fail(r);
    *dirty = object + size;
    if (r->flags & R_LIMITED)
        limit_notify(r);
    return object;
}

void *region_carve(struct region *r, size_t size, size_t alignment,
                   char **dirty)
{
    if (size > SIZE_LIMIT)
        return region_fail(r);
    if (debug_on)
        return carve_debug(r, size, alignment, dirty);
    size_t rounded = size ? round16(size) : 16;
    void *object = carve_here(r, rounded, alignment, dirty);
    if (object)
        return object;
    if (r->head.end < r->real_end) {
        limit_unclamp(r, (-(uintptr_t)r->head.cur & (alignment - 1)) + rounded);
        object = carve_here(r, rounded, alignment, dirty);
    }
    if (object == NULL) {
        size_t whole = rounded + alignment - 16;
        if (whole > OWN_OVER && whole > block_bytes(next_class(r)) / 8)
            object = carve_own(r, rounded, alignment, dirty);
        else
            object = carve_next(r, rounded, alignment, dirty);
    }
    if (object == NULL)
        return region_fail(r);
    if (r->flags & R_LIMITED)
        limit_notify(r);
    return object;
}

/* ----------------------------------------------------------- public ones */

extern inline void *pond_alloc(pond *p, size_t size);

static __attribute__((noinline)) void *
alloc_debug(struct region *r, size_t size, const void *caller)
{
    char *dirty;
    struct debug_tree *in = debug_enter(r, "pond_alloc", caller);
    void *object = region_carve(r, size, 16, &dirty);
    debug_leave(in);
    return object;
}

void *pond_alloc_slow(pond *p, size_t size)
{
    struct region *r = region_of(p, "pond_alloc");
    void *object = NULL;
    if (debug_on)
        return alloc_debug(r, size, CALLER);
    if (POND_LIKELY(size - 1 < OWN_OVER && !(r->flags & (R_LIMITED | R_HUGE))))
        object = carve_plain(r, round16(size));
    char *dirty;
    return object ? object : region_carve(r, size, 16, &dirty);
}

void *pond_calloc(pond *p, size_t count, size_t size)
{
    struct region *r = region_of(p, "pond_calloc");
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return region_fail(r);
    char *dirty;
    DEBUG_ENTER(r, "pond_calloc");
    char *object = region_carve(r, bytes, 16, &dirty);
    if (object && dirty > object)
        memset(object, 0, (size_t)(dirty - object));
    DEBUG_LEAVE();
    return object;
}

void *pond_alloc_aligned(pond *p, size_t size, size_t alignment)
{
    struct region *r = region_of(p, "pond_alloc_aligned");
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 ||
        alignment > ALIGNMENT_MAX)
        return region_fail(r);
    char *dirty;
    DEBUG_ENTER(r, "pond_alloc_aligned");
    void *object =
        region_carve(r, size, alignment < 16 ? 16 : alignment, &dirty);
    DEBUG_LEAVE();
    return object;
}

/* -------------------------------------------------------------- realloc */

/* Whether an object at ptr in the current block came after every mark. */
static bool younger_than_marks(const struct region *r, const char *ptr)
{
    return r->mark == NULL || r->mark->current != r->current ||
           ptr >= r->mark->cur;
}

/* Resize the last object of the current block. */
static bool resize_last(struct region *r, char *ptr, size_t rounded)
{
    if (rounded > (size_t)(r->real_end - ptr))
        return false;
    if (rounded > (size_t)(r->head.end - ptr)) {
        limit_unclamp(r, rounded - (size_t)(r->head.cur - ptr));
        if (rounded > (size_t)(r->head.end - ptr))
            return false;
        limit_notify(r);
    }
    char *cur = ptr + rounded;
    if (cur < r->head.cur) {
        region_note_peak(r);
        if (r->flags & R_CLEAR)
            memset(cur, 0, (size_t)(r->head.cur - cur));
        if (r->zero_from < r->head.cur)
            r->zero_from = r->head.cur;
    }
    r->head.cur = cur;
    return true;
}

/* The own block of an object, or NULL. */
static struct block_head *own_of(struct region *r, void *ptr)
{
    if (r->own == NULL)
        return NULL;
    struct block_place place = block_find(ptr);
    void *at = place.base + block_colour(place.base, place.class);
    struct block_head *b = at;
    return b->magic == magic_at(b, MAGIC_OWN) ? b : NULL;
}

bool region_block_charge(struct region *r, struct block_head *b, size_t bytes)
{
    if (!(r->flags & R_LIMITED)) {
        b->charged = bytes;
        return true;
    }
    if (bytes > b->charged) {
        if (limit_room(r) < bytes - b->charged)
            return false;
        limit_charge(r, bytes - b->charged);
    } else {
        limit_uncharge(r, b->charged - bytes);
    }
    b->charged = bytes;
    return true;
}

/* Resize an object in its own block, where it lies. */
static bool resize_own(struct region *r, struct block_head *b, char *ptr,
                       size_t rounded)
{
    char *base = head_base(b);
    size_t had = head_bytes(b), used = (size_t)(ptr - base) + rounded;
    size_t charged = b->charged;
    if (used > had) {
        if (b->class != BLOCK_RUN || !region_block_charge(r, b, used))
            return false;
        if (!block_resize_run(base, used)) {
            region_block_charge(r, b, charged);
            return false;
        }
    } else if (used > charged) {
        if (!region_block_charge(r, b, used))
            return false;
    }
    if (ptr + rounded < b->fill) {
        region_note_peak(r);
        if (r->flags & R_CLEAR)
            memset(ptr + rounded, 0, (size_t)(b->fill - ptr) - rounded);
        if (b->class == BLOCK_RUN && used < had / 2 &&
            block_resize_run(base, used) && charged > head_bytes(b))
            region_block_charge(r, b, head_bytes(b));
    }
    r->reserved += head_bytes(b) - had;                /* may wrap back */
    r->used_rest += (size_t)(ptr + rounded - b->fill); /* likewise */
    b->fill = ptr + rounded;
    if (r->flags & R_LIMITED)
        limit_notify(r);
    return true;
}

static void own_free(struct region *r, struct block_head *b)
{
    region_note_peak(r);
    r->used_rest -= (size_t)(b->fill - head_start(b));
    if (b->newer)
        b->newer->older = b->older;
    else
        r->own = b->older;
    if (b->older)
        b->older->newer = b->newer;
    region_block_give(r, b);
}

_Noreturn static __attribute__((cold)) void
misuse_size(const struct region *r, const void *ptr, size_t size)
{
    misuse("pond_realloc: the object at %p of pond \"%s\" (%p) does not have "
           "%zu bytes",
           ptr, region_class(r)->name, (const void *)r, size);
}

static void *realloc_debug(struct region *r, void *ptr, size_t old_size,
                           size_t new_size, const void *caller)
{
    struct debug_tree *in = debug_enter(r, "pond_realloc", caller);
    void *object = debug_region_realloc(r, ptr, old_size, new_size);
    if (r->flags & R_LIMITED)
        limit_notify(r);
    debug_leave(in);
    return object;
}

void *pond_realloc(pond *p, void *ptr, size_t old_size, size_t new_size)
{
    struct region *r = region_of(p, "pond_realloc");
    if (ptr == NULL)
        return pond_alloc(p, new_size);
    if (new_size > SIZE_LIMIT)
        return region_fail(r);
    if (debug_on)
        return realloc_debug(r, ptr, old_size, new_size, CALLER);
    size_t old_bytes = old_size ? round16(old_size) : 16;
    size_t new_bytes = new_size ? round16(new_size) : 16;
    if (old_bytes == new_bytes)
        return ptr;
    char *object = ptr;
    struct block_head *own = NULL;
    if (object + old_bytes == r->head.cur) {
        if (younger_than_marks(r, object) && resize_last(r, object, new_bytes))
            return ptr;
    } else if (old_bytes > OWN_OVER && (own = own_of(r, ptr)) != NULL) {
        if (object + old_bytes > own->fill)
            misuse_size(r, ptr, old_size);
        if (r->mark && own->serial < r->mark->serial)
            own = NULL; /* a rewind must find it as it was */
        else if (resize_own(r, own, object, new_bytes))
            return ptr;
    }
    if (new_bytes < old_bytes)
        return ptr;
    void *moved = pond_alloc(p, new_size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, ptr, old_size);
    if (own)
        own_free(r, own);
    return moved;
}
