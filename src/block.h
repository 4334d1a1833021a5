/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BLOCK_H
#define BLOCK_H
/*
 * block.h - layer 2: where the memory of ponds, pools, heaps and slabs comes
 * from and goes back to. It knows no pond; it hands out blocks.
 *
 *   segment  2 MiB, 2 MiB-aligned, so a pointer finds it by a mask
 *   +--------+--------+--------+-- --+---------+
 *   | header | slice  | slice  | ... | slice31 |   slices of 64 KiB
 *   +--------+--------+--------+-- --+---------+
 *     |         |        `-- or a run of slices: one block of 64 KiB to 1 MiB
 *     |         `-- cut into blocks of one class: 512 B, 1, 2, 4 ... 32 KiB
 *     `-- one 64-byte descriptor a slice; free blocks are never written
 *
 *   thread cache   an array of pointers a class; no lock
 *   depot          everything else that is idle; one lock, half an array a time
 *
 * A request beyond 1 MiB gets a mapping of its own, 2 MiB-aligned as well.
 *
 * Threads: the functions that take a cache may be called with the caller's own
 * cache only, or with NULL, which goes straight to the depot. All others may be
 * called by any thread. Blocks have no owner: any thread may give any back.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_MIN ((size_t)512)
#define BLOCK_SLICE ((size_t)65536)
#define BLOCK_RUN_MAX ((size_t)1 << 20)

enum {
    BLOCK_CLASS_64K = 7,  /* the largest class that threads cache */
    BLOCK_CLASS_MAX = 11, /* 1 MiB: the largest that is not a mapping */
    BLOCK_CACHED = BLOCK_CLASS_64K + 1,
    BLOCK_CACHE_SLOTS = 1020 /* 512 + 256 + ... + 4, see block_slot_first */
};

static inline size_t block_bytes(unsigned class)
{
    return BLOCK_MIN << class;
}

/* The smallest class that holds bytes; bytes at most BLOCK_RUN_MAX. */
static inline unsigned block_class_for(size_t bytes)
{
    if (bytes <= BLOCK_MIN)
        return 0;
    return 64u - (unsigned)__builtin_clzll(bytes - 1) - 9u;
}

/* A block: base NULL when there is no memory. Its bytes are zero throughout
 * when zero is set; otherwise they are whatever was there. */
struct block_grant {
    char *base;
    bool zero;
};

/*
 * A thread's idle blocks. Invariants: n <= cap <= slots of the class; a slot
 * is a block's address, its lowest bit set when the block was never touched.
 * n is read by other threads for statistics only.
 */
struct block_cache {
    struct block_stack {
        uint32_t n;
        uint32_t cap;
    } stack[BLOCK_CACHED];
    uintptr_t slots[BLOCK_CACHE_SLOTS];
};

void block_cache_init(struct block_cache *cache);
/* Give all that the cache holds to the depot. */
void block_cache_flush(struct block_cache *cache);
/* Bytes idle in a cache, of any thread; a snapshot. */
size_t block_cache_bytes(const struct block_cache *cache);
/* Tell how many threads there are: a cache holds at most min(2 MiB, 32 MiB /
 * threads). */
void block_cache_share(size_t n_threads);
/* The most bytes that one cache may hold now. */
size_t block_cache_bound(void);

/* A block of a class up to BLOCK_CLASS_64K. Cost: a few instructions from the
 * cache, a lock per half array otherwise. */
struct block_grant block_take(struct block_cache *cache, unsigned class);
void block_give(struct block_cache *cache, void *base, unsigned class);

/*
 * A run of slices (bytes up to BLOCK_RUN_MAX, rounded up to whole slices) or,
 * for more, a mapping of its own. huge asks for transparent huge pages.
 * Cost: a lock; a mapping is a system call unless one of its size is kept.
 */
struct block_grant block_take_run(size_t bytes, bool huge);
void block_give_run(void *base);
/* Usable bytes of a run or mapping from its base. */
size_t block_run_bytes(const void *base);
/* Make a run or mapping usable for bytes where it lies; false: impossible,
 * nothing changed. Bytes beyond the old size are of unknown content. */
bool block_resize_run(void *base, size_t bytes);

/*
 * A slice's tag: one byte for whoever holds the slice as a block of 64 KiB, to
 * know by any pointer into it what it is. 0 unless set; to be set back to 0
 * before the block is given back. For pointers into other blocks, runs and the
 * first 2 MiB of mappings it is 0.
 *
 * The tags of a segment stand two bytes apart and fill a cache line; which line
 * of the segment's header goes by the segment's number, else the lines of all
 * segments would share one cache set. (Two bytes, for then one shift finds line
 * and tag.)
 */
enum { BLOCK_TAGS = 2112 }; /* offset of the first such line in a header */
#define BLOCK_SEGMENT ((uintptr_t)1 << 21)
static inline uint8_t *block_tag(const void *ptr)
{
    uintptr_t p = (uintptr_t)ptr;
    uintptr_t header = p & ~(BLOCK_SEGMENT - 1);
    return (uint8_t *)(header + (p >> 15 & 0x3fe) + BLOCK_TAGS);
}

/*
 * Whoever holds a block of 64 KiB may lend some of its pages: they hold nothing
 * that matters, and the trimmer may purge them like idle ones. pages: bit i
 * for the i-th block_page_bytes() of the block.
 * block_lend  any pages of the holder's, at any time. No lock.
 * block_want  take them back before the next use; their content is lost. No
 *             lock if they are still there. False, and they stay lent: the
 *             process limit allows no more.
 * block_lent  whether any are: then the block must be given back by
 *             block_give_run.
 */
void block_lend(void *base, unsigned pages);
bool block_want(void *base, unsigned pages);
bool block_lent(const void *base);
size_t block_page_bytes(void);

/* The block that holds ptr, which must lie in a block or, for a mapping, in
 * its first 2 MiB. class is BLOCK_RUN for runs and mappings. */
enum { BLOCK_RUN = 16 };
struct block_place {
    char *base;
    unsigned class;
};
struct block_place block_find(const void *ptr);

/*
 * Offset of the first used byte of a block: 64 bytes times its number mod 8
 * from 4 KiB up, so that the headers of many blocks spread over the cache
 * sets instead of falling into one. Runs count as 64 KiB blocks.
 */
static inline size_t block_colour(const void *base, unsigned class)
{
    unsigned shift = class < BLOCK_CLASS_64K ? class + 9 : 16;
    return class < 3 ? 0 : ((uintptr_t)base >> shift & 7) * 64;
}

/*
 * Give back pages that have been idle at two looks 250 ms apart, in steps of
 * at most 512 KiB, until about budget_us microseconds have passed; all: every
 * idle page, whatever its age. Returns bytes given back.
 */
size_t block_trim(unsigned budget_us, bool all);
/* Bound mapped minus given back; 0: none. */
void block_limit(size_t bytes);

struct block_usage {
    size_t mapped;    /* address space */
    size_t taken;     /* blocks out of the depot: in use or in thread caches */
    size_t idle;      /* in the depot, perhaps resident */
    size_t purged;    /* idle and given back, or never touched */
    size_t header;    /* descriptors */
    size_t committed; /* mapped - purged */
    size_t limit;
};
struct block_usage block_usage_get(void);

/* Call fn for every block that is out of the depot, in no order, with the
 * depot locked: fn must not take, give or trim. Not for mappings. */
void block_visit(void (*fn)(char *base, unsigned class, void *arg), void *arg);

/* Around fork: hold every lock of this layer. */
void block_fork_prepare(void);
void block_fork_done(void);

#endif
