/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DEBUG_H
#define DEBUG_H
/*
 * debug.h - layer 3: the other way to get memory, for finding bugs.
 *
 * When debug_on is set (before the first pond, for the whole process) blocks
 * are not used at all: every object and every handle is a malloc of its own,
 * so that AddressSanitizer and Valgrind know its exact bounds and who made and
 * ended it, and so that checks of our own have a place. Lifetimes, order,
 * marks and budgets are those of region_*.c and pond.c as ever.
 *
 *   struct region  -> struct debug_pond -> record -> record -> ...
 *   (a malloc)                               |         |
 *                                          object    object  (mallocs)
 *   struct resident -> struct debug_pool -> record -> ...
 *
 *   table: any pointer -> its record; also records of what has ended, while it
 *   is in quarantine. Pointers in the table are hidden (inverted), lest leak
 *   checkers take an object for reachable because we know it.
 *
 * A pond in debug keeps cur == end, just behind its handle: every allocation
 * takes the slow path. A handle that has ended keeps its magic while it can.
 *
 * docs/debugging.md tells users about all this.
 */
#include "region.h"

#include "os.h"

extern bool debug_on __attribute__((visibility("hidden")));

/* What POND_DEBUG asks for; never changed after the start. */
struct debug_options {
    enum os_checker checker; /* then it, not we, looks at accesses */
    bool redzone, poison, quarantine, caller, owner, integrity;
    unsigned long fail_at;     /* refuse this allocation, counted from 1 */
    unsigned long fail_one_in; /* refuse one in so many, at random */
};
extern struct debug_options debug_options __attribute__((visibility("hidden")));

/* Decide whether debug_on; called once, before anything else. */
void debug_set_up(void);
/* Around fork; in a child the forking thread owns all. */
void debug_fork_prepare(void);
void debug_fork_done(bool child);

/* --------------------------------------------------------- debug_object.c */

/* Who holds objects: the objects of a pond, or of a pool in one. */
struct debug_holder {
    struct debug_object *newest;
    const char *what; /* "pond", "heap", "fixed pool", "slab" */
    const char *name; /* of its class; lives as long as the process */
    size_t n, bytes;  /* rounded up to 16 each */
};

/*
 * One malloc of ours.
 *   raw = ptr - front; in front and behind red zones, when they are wanted
 */
struct debug_object {
    struct debug_object *older, *newer; /* of the holder */
    struct debug_holder *holder;        /* NULL: of nothing, or ended */
    const char *what;                   /* debug_an_object, or of a handle */
    const char *name;                   /* of its class of pond, or slab */
    const char *holder_what;
    char *ptr;
    size_t size, front;
    size_t asked; /* its size as the program knows it */
    uint64_t serial;
    const void *made_at, *ended_at; /* callers */
    uintptr_t chain;                /* in the table, hidden */
    struct debug_object *later;     /* in quarantine */
    bool ended, filled;
};

/* What is no handle; compared by address. */
extern const char debug_an_object[] __attribute__((visibility("hidden")));

/* Make an object; NULL: out of memory, or refused by an option. serial: by
 * which a rewind finds it. */
struct debug_object *debug_object_make(struct debug_holder *holder,
                                       const char *what, const char *name,
                                       size_t size, size_t alignment,
                                       uint64_t serial);
/* End it: a misuse if something wrote around it. wipe: clear it before. */
void debug_object_end(struct debug_object *o, bool wipe);
/* The record of what begins at ptr, live or in quarantine; NULL: unknown. */
struct debug_object *debug_object_find(const void *ptr);
/* The live one that holds this byte; NULL: none. Slow. */
struct debug_object *debug_object_around(const void *ptr);
/* A misuse if something wrote around it. */
void debug_object_check(const struct debug_object *o);
/* A misuse if something wrote to what is in quarantine. */
void debug_quarantine_check(void);
/* Let it be a malloc of which nobody but the program knows. */
void debug_object_forget(struct debug_object *o);
void debug_table_lock(void);
void debug_table_unlock(void);
/* Bytes of all live objects and handles. */
size_t debug_bytes(void);
/* Bound them; 0: no bound. */
void debug_bytes_limit(size_t bytes);

static inline size_t debug_rounded(const struct debug_object *o)
{
    return o->size ? round16(o->size) : 16;
}

/* ---------------------------------------------------------- debug_report.c */

/* A misuse that an object suffered; the text goes on behind what it is. In
 * front stands the function that this thread is in. */
_Noreturn __attribute__((format(printf, 2, 3), cold)) void
misuse_of(const struct debug_object *o, const char *format, ...);
/* A call was given a pointer that is not what it should be: what (want), of
 * whom (may be NULL). */
_Noreturn __attribute__((cold)) void
debug_misuse_pointer(const char *call, const void *ptr, const char *want,
                     const struct debug_holder *holder);

/* ----------------------------------------------------------- debug_tree.c */

/* Who is inside a tree of ponds, and whose it is. Shared by all its ponds. */
struct debug_tree {
    const void *inside; /* the thread that is, NULL: none; atomic */
    const void *owner;  /* NULL: the next user */
    long inside_id, owner_id;
    const char *call; /* that it is in */
    unsigned depth;
    bool ended; /* its root has */
};
struct debug_tree *debug_tree_make(void);
void debug_tree_ended(struct debug_tree *t);
void debug_tree_own(struct debug_tree *t); /* the calling thread only */
void debug_tree_hand_over(struct debug_tree *t);

/*
 * Around every public function, when debug_on: two threads in one tree at once
 * are a misuse. caller is remembered for what is made and ended inside. r NULL:
 * it is in no tree, and so is what this returns.
 */
struct debug_tree *debug_enter(const struct region *r, const char *call,
                               const void *caller);
void debug_leave(struct debug_tree *t);
/* The outermost function that this thread is in, and who called it; NULL: it
 * is in none. */
const char *debug_call(void);
const void *debug_caller(void);
/* Say so before it is entered, for messages until then. */
void debug_note(const char *call, const void *caller);

#define CALLER __builtin_return_address(0)
#define DEBUG_ENTER(r, call)                                                   \
    struct debug_tree *debug_inside =                                          \
        debug_on ? debug_enter(r, call, CALLER) : NULL
#define DEBUG_LEAVE()                                                          \
    do {                                                                       \
        if (debug_on)                                                          \
            debug_leave(debug_inside);                                         \
    } while (0)

/* --------------------------------------------------------- debug_region.c */

struct debug_pond {
    struct debug_holder holder;
    struct debug_object *self;
    struct debug_tree *tree;
    bool root;
    uintptr_t next, prev; /* of all ponds; hidden */
};

/* A handle, empty and alive, linked to nothing. parent tells the tree. */
struct region *debug_region_make(struct region *parent, unsigned index);
void debug_region_discard(struct region *r);
/* End its memory, as release_blocks does. */
void debug_region_release(struct region *r);
/* End what is younger than a mark. */
void debug_region_rewind(struct region *r, uint64_t serial);
void *debug_region_carve(struct region *r, size_t size, size_t alignment,
                         const char *what);
void *debug_region_realloc(struct region *r, void *ptr, size_t old_size,
                           size_t new_size);
/* What it and its pools hold, handle included: towards limits. */
size_t debug_region_bytes(const struct region *r);
size_t debug_region_objects(const struct region *r);
/* End a node of a cleanup; first a look whether it is one. */
void debug_cleanup_check(const struct pond_cleanup *c, const char *call);
void debug_cleanup_end(struct pond_cleanup *c);
/* Call fn for every live pond, with the list locked. */
void debug_visit(void (*fn)(const void *at, void *arg), void *arg);
/* Everything that can be looked at in a pond: invariants, red zones. */
void debug_region_check(const struct region *r);

/* ----------------------------------------------------------- debug_pool.c */

/* The objects of a fixed pool, heap or slab. */
struct debug_pool {
    struct debug_holder holder;
    struct region *region; /* NULL: a slab */
    struct debug_object *self;
};

/* Have a resident's objects in debug; false: no memory, nothing changed. */
bool debug_pool_add(struct resident *e, struct region *r, const void *handle,
                    const char *what);
struct debug_pool *debug_pool_make(struct region *r, const void *handle,
                                   const char *what, const char *name);
/* Stop if this is no live handle of that kind. */
void debug_pool_check(const void *handle, const char *what, const char *call,
                      const void *caller);
void *debug_pool_alloc(struct debug_pool *p, size_t size, size_t alignment);
/* The live object at ptr; else stop. */
struct debug_object *debug_pool_find(struct debug_pool *p, const void *ptr,
                                     const char *call);
void debug_pool_free(struct debug_pool *p, struct debug_object *o);
/* End all its objects, and it. */
void debug_pool_end(struct debug_pool *p);
/* End it, but not its objects: whoever has them has a malloc. */
void debug_pool_forget(struct debug_pool *p);

#endif
