/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REGION_H
#define REGION_H
/*
 * region.h - layer 3, for its own files and layer 4: what a pond is made of.
 *
 *   first block                     later blocks, newest first by .older
 *   +------+--------+-----+------+  +------+------+----------+------+
 *   |colour| region | obj | .... |  |colour| head | objects  | ...  |
 *   +------+--------+-----+------+  +------+------+----------+------+
 *                         ^cur   ^end                (one of all is current)
 *
 *   own blocks: one large object each, in a list of their own, never current
 *
 * Invariants (region_check tests them in debug builds)
 *   cur <= end <= real_end, all multiples of 16, in the current block
 *   end < real_end only while a limit clamps it
 *   current == NULL: the first block is current
 *   used = used_rest + (cur - start of the current block's data)
 *   serials of children, cleanups, blocks, own blocks and marks fall along
 *   their lists, and none is above seq
 *   flags == 0: no child, cleanup, block but the first, own block, resident,
 *   mark, limit or option: such a pond is ended in a few instructions
 */
#include "block.h"
#include "class.h"
#include "pond/pond.h"
#include "thread.h"

#include <errno.h>

#define SERIAL_MASK (((uint64_t)1 << 56) - 1)
#define round16(n) (((n) + 15) & ~(size_t)15)

/* The head of every block but the first. */
struct block_head {
    struct block_head *older;
    struct block_head *newer; /* own blocks only */
    uint64_t magic;           /* same place as in struct region */
    char *fill;               /* end of what was handed out; in the current
                                 block that is region.cur instead */
    uint64_t serial : 56, class : 8; /* class: block class or BLOCK_RUN */
    size_t charged;                  /* towards limits: bytes from the base */
};
_Static_assert(sizeof(struct block_head) == 48, "a multiple of 16");

struct pond_cleanup {
    void (*fn)(void *); /* NULL: free, or being run */
    void *arg;
    struct region *region;
    struct pond_cleanup *next, *prev;
    uint64_t serial; /* of the registration */
    uint64_t born;   /* of the node's memory */
};

/* The other half of a pond_mark, in the region itself. */
struct mark_record {
    struct mark_record *prev;
    struct block_head *current; /* at that moment */
    char *cur;                  /* likewise, behind this record */
    uint64_t serial : 56, grown : 8;
};

/*
 * A fixed pool or heap that lives in a region: layer 4 embeds it. Its blocks
 * are charged to the region and end with it, and their heads' fill stays at
 * the start, or is their end where they are to be cleared.
 */
struct resident {
    struct resident *next;     /* the one created before */
    struct block_head *blocks; /* newest first, linked both ways */
    struct region *region;     /* NULL: it has ended */
    uint64_t serial;
    const struct resident_kind *kind;
    struct debug_pool *debug; /* where debug_on: it has objects, no blocks */
};

struct resident_kind {
    /* Bytes handed out of its blocks, less those of the region's own that it
     * has not handed out. */
    size_t (*used)(const struct resident *e);
    /* The region ends: give back what was carved last and not used, so that
     * the region learns what it needed; and be such that the next call is told
     * that it has ended. */
    void (*close)(struct resident *e);
};

enum {
    R_CHILD = 1 << 0,    /* child may be set */
    R_CLEANUP = 1 << 1,  /* cleanups or free_cleanups may be set */
    R_BLOCKS = 1 << 2,   /* blocks may be set */
    R_OWN = 1 << 3,      /* own may be set */
    R_RESIDENT = 1 << 4, /* residents may be set */
    R_MARK = 1 << 5,     /* mark and life may be set */
    R_LIMITED = 1 << 6,  /* limit is set: here or above */
    R_LIMIT = 1 << 7,    /* hard, soft ... are set here */
    R_OVER = 1 << 8,     /* charged is above soft */
    R_PENDING = 1 << 9,  /* and soft_fn has not been told yet */
    R_CALLING = 1 << 10, /* soft_fn is running */
    R_ENDING = 1 << 11,  /* being reset, destroyed or rewound */
    R_FAILED = 1 << 12,
    R_FIXED = 1 << 13, /* first block by option: teaches nothing */
    R_CLEAR = 1 << 14, /* clear on end */
    R_HUGE = 1 << 15,
    R_PEAK = 1 << 16,  /* peak may be set */
    R_FRESH = 1 << 17, /* zero_from may lie before real_end */
    R_HELD = 1 << 18,  /* it allocates, and waits for a soft_fn to return */
    R_OPTIONS = R_FIXED | R_CLEAR | R_HUGE,
    R_STAY = R_OPTIONS | R_LIMITED | R_LIMIT | R_FRESH /* what a reset leaves */
};

struct region {
    /* One cache line that every allocation and every end needs. */
    pond head;                  /* cur, end */
    uint64_t magic;             /* region_magic(r) while alive */
    char *real_end;             /* of the current block */
    struct block_head *current; /* NULL: the first block */
    union {
        struct {
            uint32_t flags;
            uint8_t first;  /* block class of the first block */
            uint8_t grown;  /* steps taken on the ladder */
            uint16_t index; /* of its class */
        };
        uint64_t state; /* the four at once, see struct kept */
    };
    char *half; /* cur at or below it: half of the block would have done */
    struct region *next; /* older sibling; among kept ones the next */

    struct region *parent, *child, *prev; /* newest child, newer sibling */
    uint64_t serial;                      /* in the parent's sequence */
    uint64_t seq;                         /* the last serial given */
    struct region *limit; /* nearest with R_LIMIT, this one included */
    char *zero_from;      /* the current block is zero from max(this, cur) on */
    struct pond_cleanup *cleanups; /* newest first */

    struct pond_cleanup *free_cleanups;
    struct block_head *own;
    struct resident *residents;
    struct mark_record *mark; /* newest */
    uint64_t life;            /* what marks name it by; 0: none taken */
    uint64_t clean_seq;       /* seq at the newest mark or rewind */
    size_t peak;              /* of used, before it last fell */
    char *first_fill;         /* of the first block when not current */

    size_t first_charged; /* of the first block, from its base */
    struct block_head *blocks;
    size_t used_rest;           /* handed out, but for the current block */
    size_t hard, soft, charged; /* this pond's own limit */
    void (*soft_fn)(pond *, void *);
    void *soft_arg;

    size_t reserved;          /* whole blocks held, the first one included */
    struct debug_pond *debug; /* where debug_on */
};
_Static_assert(sizeof(struct region) == 272, "leaves 240 of 512 bytes");
_Static_assert(offsetof(struct region, magic) ==
                   offsetof(struct block_head, magic),
               "what a block is can be told at one place");

static inline struct pond_class *region_class(const struct region *r)
{
    return &classes[r->index];
}

/* ------------------------------------------------------------- identity */

extern uint64_t region_secret; /* set before the first region is made */
extern uint64_t region_live;   /* with MAGIC_LIVE */
#define MAGIC_LIVE 0x706f6e6461110001u
#define MAGIC_DEAD 0x706f6e64611d0001u /* one exclusive or away */
#define MAGIC_LADDER 0x706f6e641add0001u
#define MAGIC_BLOCK 0x706f6e64b10c0001u
#define MAGIC_OWN 0x706f6e6400110001u

static inline uint64_t magic_at(const void *where, uint64_t kind)
{
    return region_secret ^ (uintptr_t)where ^ kind;
}

static inline bool region_alive(const struct region *r)
{
    return r->magic == (region_live ^ (uintptr_t)r);
}

/* True while this thread is inside pond_visit: the pond that it asks about may
 * be ended by another thread at any moment, which is no misuse then. */
extern __thread bool region_visiting
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* misuse.c: tell what was done wrong, then abort. */
_Noreturn __attribute__((format(printf, 1, 2), cold)) void
misuse(const char *format, ...);
/* The same, with what a checker knows about ptr. */
_Noreturn __attribute__((format(printf, 2, 3), cold)) void
misuse_at(const void *ptr, const char *format, ...);
/* Called when p is not a live pond. */
_Noreturn __attribute__((cold)) void misuse_dead(const struct region *r,
                                                 const char *call);

/* Called when the head of a block of r is none. */
_Noreturn __attribute__((cold)) void misuse_block(const struct region *r,
                                                  const struct block_head *b);

/* The live region behind a pond; call names the function for the message. */
static inline struct region *region_of(const pond *p, const char *call)
{
    struct region *r = (struct region *)(uintptr_t)p;
    if (__builtin_expect(!region_alive(r), 0))
        misuse_dead(r, call);
    return r;
}

/* --------------------------------------------------------------- layout */

static inline char *region_start(const struct region *r)
{
    return (char *)(uintptr_t)(r + 1);
}

static inline char *region_base(const struct region *r)
{
    return (char *)((uintptr_t)r & ~(uintptr_t)(block_bytes(r->first) - 1));
}

static inline char *head_start(const struct block_head *b)
{
    return (char *)(uintptr_t)(b + 1);
}

/* The base of the block that a head stands in: colour is less than 512. */
static inline char *head_base(const struct block_head *b)
{
    return (char *)((uintptr_t)b & ~(uintptr_t)(BLOCK_MIN - 1));
}

static inline size_t head_bytes(const struct block_head *b)
{
    return b->class == BLOCK_RUN ? block_run_bytes(head_base(b))
                                 : block_bytes(b->class);
}

static inline char *current_start(const struct region *r)
{
    return r->current ? head_start(r->current) : region_start(r);
}

/*
 * Set both ends. As two stores: compilers like to make one of 16 bytes of it,
 * which the CPU then cannot hand on to the next load of cur as fast as it does
 * its own kind (measured: 103 ns for 40 allocations instead of 30).
 */
static inline void region_set_ends(struct region *r, char *cur, char *end)
{
    r->head.cur = cur;
    __asm__ volatile("" : : : "memory");
    r->head.end = end;
}

static inline size_t region_used(const struct region *r)
{
    return r->used_rest + (size_t)(r->head.cur - current_start(r));
}

/* Stop if something wrote over the head of a block. */
static inline void region_block_check(const struct region *r,
                                      const struct block_head *b)
{
    uint64_t kind = b->magic ^ magic_at(b, 0);
    if (__builtin_expect(kind != MAGIC_LADDER && kind != MAGIC_OWN &&
                             kind != MAGIC_BLOCK,
                         0))
        misuse_block(r, b);
}

/* Remember the peak before used falls. */
static inline void region_note_peak(struct region *r)
{
    size_t used = region_used(r);
    if (used > r->peak) {
        r->peak = used;
        r->flags |= R_PEAK;
    }
}

/* ------------------------------------------------- shared by the layer */

/* region_alloc.c
 * Carve size bytes at this alignment; bytes from the object up to *dirty may
 * be other than zero. NULL (and R_FAILED): no memory. */
void *region_carve(struct region *r, size_t size, size_t alignment,
                   char **dirty);
/* Set the sticky mark and return NULL. */
void *region_fail(struct region *r);
/* Memory for a region or layer 4: a block, charged, with its head made up but
 * in no list. bytes: payload behind the head; least: how much would do when a
 * limit or memory is short (then the block may be smaller). */
struct block_head *region_block_take(struct region *r, size_t bytes,
                                     size_t least, uint64_t magic, bool *zero);
void region_block_give(struct region *r, struct block_head *b);
/* Let a block be charged for this many bytes; false: over a limit. */
bool region_block_charge(struct region *r, struct block_head *b, size_t bytes);
/* Make block b (NULL: the first) current with this cur. */
void region_set_current(struct region *r, struct block_head *b, char *cur);

/* pond.c */
/* End children and cleanups younger than serial; 0: all. */
void region_end_young(struct region *r, uint64_t serial);
/* Give handle and first block back; nothing else is left of the pond. */
void region_discard(struct thread *t, struct region *r);

/* region_kept.c */
/* Give the ponds a thread keeps of one class back to its block cache. */
void region_kept_flush(struct thread *t, struct kept *k);
/* The same with what all threads have put into the stock; t may be NULL. */
void region_stock_flush(struct thread *t);

/* region_stock.c: ended ponds of a class that one thread had too many of.
 * Chains through region.next, of equal first blocks. */
enum { STOCK_CHAIN = 7 };
/* Put n of them, at most STOCK_CHAIN; false: there is no room. */
bool stock_put(unsigned index, struct region *chain, unsigned n);
/* A chain, or NULL. Perhaps of a size that is out of use. */
struct region *stock_take(unsigned index);
/* Bytes of their first blocks; a snapshot. */
size_t stock_bytes(void);
void stock_fork_child(void);

/* region_cleanup.c: a node that is in no list any more is free. */
void cleanup_put(struct region *r, struct pond_cleanup *c);

/* region_resident.c */
/* A resident is there from now on; its memory is of r. */
void resident_add(struct region *r, struct resident *e,
                  const struct resident_kind *kind);
/* A block as of region_block_take, in e's list. The caller ends its operation
 * with resident_notify, or with region_fail when it has no other way. */
struct block_head *resident_take(struct resident *e, size_t bytes, size_t least,
                                 bool *zero);
void resident_give(struct resident *e, struct block_head *b);
/* Have (bytes) of a block from its base, where it lies; those that it has had
 * are kept. False: impossible, nothing changed. */
bool resident_resize(struct resident *e, struct block_head *b, size_t bytes);
/* Give back all that a resident has. */
void resident_end(struct resident *e);

/* region_limit.c */
size_t limit_room(const struct region *r);
void limit_charge(struct region *r, size_t bytes);
void limit_uncharge(struct region *r, size_t bytes);
/* Let end grow towards real_end as far as the limits allow, if that leaves
 * bytes behind cur; else nothing changes. */
void limit_unclamp(struct region *r, size_t bytes);
/* Give up the unused tail of the current block's charge. */
void limit_clamp(struct region *r);
/* Run the soft callbacks that have become due; at the end of an operation. */
void limit_notify(struct region *r);
static inline void resident_notify(struct resident *e)
{
    if (e->region->flags & R_LIMITED)
        limit_notify(e->region);
}
/* The next limited region above l, which is one. */
static inline struct region *limit_above(const struct region *l)
{
    return l->parent ? l->parent->limit : NULL;
}

#endif
