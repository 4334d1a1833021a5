/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef THREAD_H
#define THREAD_H
/*
 * thread.h - layer 3: what a thread keeps for itself, reached through one
 * pointer in thread-local storage.
 *
 * A thread gets its record at its first slow path and gives it back when it
 * exits. Without one (no memory for it, or the thread is past its exit hook)
 * thread_self is NULL and everything still works, straight from the depot.
 */
#include "block.h"

struct region;
struct pond_class;

enum {
    CLASSES_MAX = 256, /* names told apart; one more is "other" */
    CLASS_OTHER = CLASSES_MAX,
    NAME_SLOTS = 64, /* names remembered by pointer */
    NAME_SHORT = 16, /* bytes of a name that are compared on the short way */
    KEPT_MAX = 16,   /* ended ponds kept per class */
};

/*
 * Ended ponds of one class, ready for use, and what this thread has learned
 * from those that ended on it. The newest stands apart: a pond that comes and
 * goes alone then waits for no link or count that was stored just before. cap
 * grows by misses, and its places are paid for out of what the thread may keep,
 * so that an end need not count bytes.
 */
struct kept {
    _Alignas(64) char name[NAME_SHORT]; /* as in the class, for kept_is; 64
                                           bytes make an index a shift */
    uint64_t takes;        /* region.state of what the short way may put here;
                              KEPT_NONE while votes are open or cap is 0 */
    struct region *newest; /* or NULL; read by others */
    struct region *older;  /* n more, through region.next */
    struct pond_class *class;
    uint32_t mask;      /* of the class */
    uint8_t n, cap;     /* n < cap <= KEPT_MAX, or both 0; n read by others */
    uint8_t first;      /* block class of all of them */
    uint8_t rise, fall; /* votes for a larger and a smaller first block */
};
#define KEPT_NONE UINT64_MAX

struct thread {
    struct block_cache blocks;
    struct thread *next, *prev;     /* all records, under the lock */
    uint64_t serial, serial_end;    /* lives to hand out, see thread_life */
    size_t kept_paid;               /* bytes of all places for kept ponds */
    struct kept *last;              /* of the class that was made last */
    const char *names[NAME_SLOTS];  /* as callers passed them, */
    struct kept *named[NAME_SLOTS]; /* and whose they are */
    struct kept kept[CLASSES_MAX + 1];
};

extern __thread struct thread *thread_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* This thread's record, made if need be; NULL when there can be none. */
struct thread *thread_get(void);

/* Its block cache, or NULL. */
static inline struct block_cache *thread_blocks(struct thread *t)
{
    return t ? &t->blocks : NULL;
}

/* Give everything idle that the calling thread keeps to the depot, and what
 * lies in the stock. t may be NULL. */
void thread_flush(struct thread *t);

/* A number never given before, never 0. */
uint64_t thread_life(void);

/* Totals over all threads. */
struct thread_usage {
    size_t n_threads;
    size_t cached; /* bytes in block caches, kept ponds and the stock */
    size_t record; /* bytes of the records themselves */
};
struct thread_usage thread_usage_get(void);

/* What layer 4 does when something happens to threads; set once, atomically. */
struct thread_hooks {
    void (*flush)(void);           /* give what the caller keeps to all */
    void (*exit)(void);            /* the same, for good */
    void (*trim)(bool all);        /* give idle blocks back */
    void (*fork_prepare)(void);    /* take all locks */
    void (*fork_done)(bool child); /* and give them back */
};
extern const struct thread_hooks *thread_hooks;
static inline const struct thread_hooks *thread_hooks_get(void)
{
    return __atomic_load_n(&thread_hooks, __ATOMIC_ACQUIRE);
}

#endif
