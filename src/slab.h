/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SLAB_H
#define SLAB_H
/*
 * slab.h - layer 4, for the files of the slab only.
 *
 *   thread   hand: loaded and spare magazine  ]  slab.c, no lock
 *     |  whole magazines, one lock each
 *   depot    full ones, empty ones            ]
 *     |  cells                                ]  slab_depot.c, slab.lock
 *   slices   64 KiB of cells (block_cells.h)  ]
 *     |
 *   block source
 *
 * Locks: slabs.lock (the list of slabs, the tables of hands), then slab.lock,
 * then the block source's own.
 */
#include "pond/slab.h"

#include "block_cells.h"
#include "debug.h"
#include "region.h"

#include <pthread.h>

enum {
    MAGAZINE_MOST = 123, /* cells; such a magazine is a block of 1 KiB */
    MAGAZINE_SMALL = 59, /* 512 bytes */
    MAGAZINE_LEAST = 4,
    MAGAZINE_BYTES = 32 << 10, /* of cells in it, about */
    DEPOT_BYTES = 256 << 10,   /* of cells in full magazines, about */
    DEPOT_LEAST = 4,           /* magazines */
    EMPTY_MOST = 8,            /* empty magazines */
    TRIM_MAGAZINES = 4,        /* in one step of trimming */
    SLABS_MAX = 1024           /* with magazines; more go without */
};

#define MAGIC_SLAB 0x706f6e6451ab0001u

/* An array of free cells. n counts while nobody has it loaded. */
struct magazine {
    struct magazine *next;
    struct slab *slab;
    uint64_t not_a_pond; /* where a pond's handle has its magic */
    uint32_t n;
    void *slots[]; /* the first always NULL */
};

_Static_assert(sizeof(struct magazine) + (1 + MAGAZINE_MOST) * sizeof(void *) <=
                   2 * BLOCK_MIN,
               "a magazine fits its block");
_Static_assert(sizeof(struct magazine) +
                       (1 + MAGAZINE_SMALL) * sizeof(void *) <=
                   BLOCK_MIN,
               "a small one, too");

/* What a thread has of one slab. Without magazines nothing can be taken out or
 * put in: top == limit, and what lies below is NULL. */
struct hand {
    void **top;   /* behind the last cell of the loaded magazine */
    void **limit; /* the end of its slots */
    struct magazine *loaded, *spare;
};

/* The hands of a thread, by the slab's index. */
struct hands {
    struct hands *next, *prev; /* of all threads, under slabs.lock */
    uint64_t not_a_pond;
    uint32_t bytes; /* of this and all hands; less than that is an offset */
    uint32_t class; /* of the block it is */
    struct hand hand[];
};

/* The head of a slice of cells. */
struct slab_slice {
    struct slab_slice *next, *prev; /* of the slab */
    uint64_t not_a_pond;
    uint64_t pad[3];
};
_Static_assert(sizeof(struct slab_slice) == CELLS_BEFORE, "before the cells");

struct slab {
    /* never changed */
    uint32_t offset; /* of its hand in each thread's; UINT32_MAX: none */
    uint32_t cap;    /* cells in a full magazine */
    uint32_t keep;   /* full magazines in the depot */
    uint32_t unit;   /* bytes; 0: objects are blocks */
    uint64_t magic;  /* while it is there; where a pond has its own */
    size_t bytes;    /* of an object */
    char name[NAME_MAX + 1];

    _Alignas(64) pthread_mutex_t lock;
    struct magazine *full, *empty;
    uint32_t n_full, n_empty;
    uint32_t low;  /* the least n_full since then */
    uint32_t tick; /* quarter seconds */
    struct cells_list list;
    struct slab_slice *slices;
    size_t out; /* cells taken from slices; of blocks, atomic, those live */
    struct slab *next, *prev; /* under slabs.lock */
    struct debug_pool *debug; /* where debug_on: there is no more to it */
    size_t asked;             /* the size of an object before rounding */
};

/* ---------------------------------------------------------- slab_depot.c */

/* For an empty magazine (or NULL) one with cells, or with none where there is
 * no memory; NULL: not even for a magazine. */
struct magazine *slab_depot_fill(struct slab *s, struct magazine *empty);
/* For a full magazine (or NULL) an empty one; NULL: no memory for one. */
struct magazine *slab_depot_drain(struct slab *s, struct magazine *full);
/* Take a magazine that may have cells. */
void slab_depot_put(struct slab *s, struct magazine *m);
/* One cell without a magazine. */
void *slab_depot_alloc(struct slab *s);
void slab_depot_free(struct slab *s, void *cell);
/* Give back what has lain idle for a tick, some of it; or all. */
void slab_depot_trim(struct slab *s, bool all);

/* ---------------------------------------------------------- slab_debug.c */

/* The public functions where debug_on; caller is theirs. */
struct slab *slab_debug_make(const char *name, const void *caller);
void *slab_debug_alloc(struct slab *s, const void *caller);
void slab_debug_free(struct slab *s, void *object, const void *caller);
void slab_debug_check(const struct slab *s, const char *call,
                      const void *caller);
size_t slab_debug_live(struct slab *s);
void slab_debug_end(struct slab *s, const void *caller);

/* ---------------------------------------------------------------- slab.c */

_Noreturn __attribute__((cold)) void slab_misuse(const struct slab *s,
                                                 const void *ptr);

#endif
