/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BLOCK_DEPOT_H
#define BLOCK_DEPOT_H
/*
 * block_depot.h - layer 2, for its own files only: segments, slices and the
 * depot that holds what is idle.
 *
 * One lock, depot.lock, guards every field here. A second one, depot.trimming,
 * is taken first by whoever trims; only its holder unmaps segments, so a walk
 * over depot.segments may let go of depot.lock between two segments.
 */
#include "block.h"

#include <pthread.h>

#define SEGMENT_BYTES ((size_t)1 << 21)
#define SEGMENT_SLICES 32u
#define SEGMENT_ALL_FREE 0xfffffffeu /* slice 0 is the header */
#define TICK_US 250000u

enum { SLICE_FREE = 31, SLICE_RUN = BLOCK_RUN, SLICE_CLASSES = 7, FILLS = 4 };

/*
 * A slice of 64 KiB. With b = block_bytes(class), class < SLICE_CLASSES:
 *   popcount(free) == n_free <= 64 KiB / b
 *   n_free == 0            in no list
 *   0 < n_free < 64 KiB/b  in depot.partial[class][fill]
 *   n_free == 64 KiB / b   never: it becomes SLICE_FREE at once
 * aged is a subset of dirty and of the pages that are idle.
 */
struct slice {
    struct slice *next, *prev; /* in its list of the depot */
    uint64_t free[2];          /* idle blocks */
    uint16_t dirty;            /* pages that may be resident */
    uint16_t aged;             /* of them idle already at the last look */
    uint16_t n_free;
    uint8_t class;   /* block class, SLICE_RUN or SLICE_FREE */
    uint8_t fill;    /* list: (n_free - 1) * FILLS / capacity */
    uint8_t first;   /* index of the first slice of the run it is part of */
    uint8_t length;  /* slices of the run; in its first slice only */
    uint32_t looked; /* tick of the trimmer's last look */
    uint64_t lent;   /* of a run of one, atomic; see block_lend.c */
    uint8_t pad[8];
};
_Static_assert(sizeof(struct slice) == 64, "one cache line a slice");

enum { KIND_SEGMENT = 0x5e6d0001, KIND_LARGE = 0x5e6d0002 };

struct segment {
    uint32_t kind;       /* KIND_SEGMENT; same place as in struct large */
    uint32_t free;       /* bit i: slice i is SLICE_FREE */
    uint32_t warm;       /* bit i: and has dirty pages */
    uint8_t longest;     /* longest run of free bits; its list; 0: in none */
    bool huge;           /* wants huge pages */
    uint32_t looked;     /* tick of the last look by the trimmer */
    uint32_t idle_looks; /* looks in a row that found it free and purged */
    struct segment *next, *prev;         /* in depot.by_run[huge][longest] */
    struct segment *all_next, *all_prev; /* in depot.segments */
    _Alignas(64) struct slice slice[SEGMENT_SLICES];
    uint8_t tags[16][64]; /* see block_tag */
};
_Static_assert(sizeof(struct segment) <= 4096, "the header is one page");
_Static_assert(offsetof(struct segment, tags) == BLOCK_TAGS, "as in block.h");

/* A mapping of its own: [header, one page as a segment's][usable ...]. Where a
 * segment has its tags there are zeros. */
struct large {
    uint32_t kind; /* KIND_LARGE */
    uint32_t aged; /* looks survived while kept idle */
    bool huge;
    size_t bytes;       /* of the whole mapping */
    struct large *next; /* among the idle ones */
    uint8_t pad[4064];
};
_Static_assert(sizeof(struct large) == 4096, "as long as struct segment");

struct depot {
    pthread_mutex_t lock;
    pthread_mutex_t trimming;
    struct slice *partial[SLICE_CLASSES][FILLS];
    struct segment *by_run[2][SEGMENT_SLICES];
    struct segment *segments; /* all */
    struct segment *cursor;   /* where the trimmer goes on; NULL: at the head */
    struct segment *swap;     /* where depot_swap goes on; likewise */
    uint32_t lap_tick;        /* the tick in which that walk began */
    struct large *large_idle;
    size_t n_segments;
    size_t large_taken;      /* bytes of mappings in use */
    size_t n_large;          /* how many those are */
    size_t large_idle_bytes; /* of idle ones */
    size_t taken;            /* bytes of slices out of the depot */
    size_t committed;        /* dirty pages, headers and mappings */
    size_t limit;            /* of committed; 0: none */
};
extern struct depot depot;

/* --- block_segment.c; all with the lock held */

/* The segment, slice or mapping that a pointer lies in. */
static inline struct segment *segment_of(const void *ptr)
{
    return (struct segment *)((uintptr_t)ptr & ~(SEGMENT_BYTES - 1));
}
static inline unsigned slice_index(const void *ptr)
{
    return (unsigned)((uintptr_t)ptr >> 16) % SEGMENT_SLICES;
}
static inline char *slice_base(const struct segment *s, unsigned i)
{
    return (char *)s + (size_t)i * BLOCK_SLICE;
}
/* The inverse: where the slice that a descriptor describes lies. */
static inline char *slice_memory(const struct slice *d)
{
    const struct segment *s = segment_of(d);
    return slice_base(s, (unsigned)(d - s->slice));
}

/* n free slices in a row, marked as a run of n; NULL without memory. They are
 * not committed yet. */
struct slice *run_take(unsigned n, bool huge);
/* Slices of a run, or one that held blocks, are free again. */
void run_free(struct slice *first, unsigned n);
/* Cut a run down or, if the slices behind it are free, extend it. */
bool run_resize(struct slice *first, unsigned n);
/* Count these pages of a slice as resident; false: over the limit. */
bool slice_commit(struct slice *d, unsigned pages);
/* Unlink a segment that is free and unmap it; false: the system refused. */
bool segment_unmap(struct segment *s);

/* Pages (of the kind that masks count) in a slice, and the bytes of each. */
extern size_t depot_unit;
static inline size_t unit_bytes(void)
{
    return depot_unit;
}
static inline unsigned unit_all(void)
{
    return (1u << (BLOCK_SLICE / unit_bytes())) - 1;
}
/* Those of a slice that hold no block in use. */
unsigned slice_idle_units(const struct slice *d);

/* --- block_lend.c; with the lock held */

/* Look at a slice whose holder may have lent pages of it. */
size_t slice_look_lent(struct slice *d, bool all);
/* Pages that were lent and have been purged. */
unsigned slice_lent_gone(const struct slice *d);

/* --- block_trim.c; with the lock held */

/* Before bytes more become resident: if much lies idle give back as much. */
void depot_swap(size_t bytes);
/* Purge those pages of a slice; how many bytes that gave back. */
size_t slice_purge(struct slice *d, unsigned pages);

/* Make room for bytes below the limit by giving idle pages back. */
bool depot_reclaim(size_t bytes);
/* Without the lock: a small step of trimming when one is due. */
void depot_trim_sometimes(void);

/* --- block_large.c; large_reclaim and large_usage with the lock held */
struct block_grant large_take(size_t bytes, bool huge);
void large_give(struct large *m);
bool large_resize(struct large *m, size_t bytes);
/* Unmap idle mappings that have been idle for two looks, or all of them. */
size_t large_reclaim(bool all);

#endif
