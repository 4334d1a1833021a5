/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_POND_H
#define POND_POND_H
/*
 * pond.h - one lifetime, and a region to allocate in.
 *
 * A pond is a lifetime with a name. Objects are carved from it, child ponds
 * and cleanups are tied to it, and all of it ends at once:
 *
 *     pond *connection = pond_create(NULL, "connection");
 *     pond *request = pond_create(connection, "request");
 *     char *path = pond_printf(request, "%s/%s", root, name);
 *     ...
 *     pond_destroy(request);        // path is gone, connection goes on
 *     pond_destroy(connection);
 *
 * What holds for every function here
 *   Sizes     bytes, 0 to PTRDIFF_MAX. A zero size gives a valid pointer of
 *             its own. count * size is checked for overflow.
 *   Alignment 16 bytes, unless asked for more.
 *   Errors    NULL when memory or a budget has run out; nothing is changed,
 *             the pond stays usable, and pond_failed() says so. Nothing here
 *             aborts, but for a misuse (see pond_on_misuse; POND_DEBUG=help
 *             in the environment names what can be looked at besides).
 *   Ownership what is allocated belongs to its pond and ends with it; there is
 *             no free for a single object (see heap.h and fixed.h for that).
 *   Threads   a pond and all its descendants are used by one thread at a time.
 *             Different roots are independent. See pond_hand_over.
 *   Signals   nothing here may be called from a signal handler.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POND_VERSION_MAJOR 0
#define POND_VERSION_MINOR 1
#define POND_VERSION_PATCH 0
#define POND_VERSION "0.1.0"

#if defined(__GNUC__) || defined(__clang__)
#define POND_API __attribute__((visibility("default")))
#define POND_MALLOC __attribute__((malloc, warn_unused_result))
#define POND_SIZED(...) __attribute__((alloc_size(__VA_ARGS__)))
#define POND_ALIGNED(n) __attribute__((assume_aligned(n)))
#define POND_FORMAT(f, a) __attribute__((format(printf, f, a)))
#define POND_MUST_USE __attribute__((warn_unused_result))
#define POND_LIKELY(x) __builtin_expect(!!(x), 1)
#define POND_CONSTANT(x) __builtin_constant_p(x)
#else
#error "Pond needs GCC or Clang"
#endif

/* Always, so that a checker that a program is built with sees what happens. */
#ifdef __cplusplus
#define POND_INLINE inline __attribute__((always_inline))
#define POND_ALIGNOF(T) alignof(T)
extern "C" {
#else
#define POND_INLINE POND_API inline __attribute__((always_inline))
#define POND_ALIGNOF(T) _Alignof(T)
#endif

/*
 * Only these two fields are public, so that pond_alloc can be inlined; the
 * rest of a pond is opaque. Invariants: cur <= end, both multiples of 16.
 */
typedef struct pond {
    char *cur; /* the next free byte of the current block */
    char *end; /* up to where it may be used */
} pond;

/* ------------------------------------------------------------ lifetimes */

/*
 * pond_create - begin a lifetime.
 * parent   ends this pond with itself; NULL makes a root
 * name     the class of the pond ("connection", "request"): statistics and
 *          the learned size of the first block go by it. Its contents are
 *          copied; NULL stands for "pond". At most 256 different names are
 *          told apart, later ones count as "other"; 63 bytes of a name count.
 * Returns  the pond, or NULL when out of memory or over the parent's budget
 * Owner    the parent, or the caller for a root
 * Cost     tens of nanoseconds; no lock and no system call when warm
 */
POND_API POND_MUST_USE pond *pond_create(pond *parent, const char *name);

/* Options, for the few who need them. Zero every field you do not set. */
typedef struct pond_options {
    size_t size;              /* sizeof(pond_options), always */
    size_t first_block_bytes; /* 512 to 65,536, rounded up to a power of two;
                                 0: learned from the ponds of this name */
    bool clear_on_end;        /* overwrite all memory before it is given back
                                 (keys, passwords); also on reset and rewind */
    bool huge_pages;          /* ask for transparent huge pages beneath blocks
                                 of 64 KiB and more */
} pond_options;

/*
 * pond_create_with - pond_create with options; o NULL means none.
 * Returns NULL also for options that do not fit the ranges above.
 */
POND_API POND_MUST_USE pond *pond_create_with(pond *parent, const char *name,
                                              const pond_options *o);

/*
 * pond_reset  - end everything in p and keep p: its name, its budget and its
 *               place in the tree.
 * pond_destroy - end everything in p, and p itself. NULL does nothing.
 *
 * Order: children first, newest first; then cleanups, newest first; then the
 * memory. A cleanup may allocate from its dying pond; a cleanup or a child
 * registered while it dies is ended too. However deep the tree, the C stack
 * does not grow. It is a misuse to end a pond from one of its own cleanups,
 * or from a cleanup of its descendants while it is being ended, and to
 * register more than 65,536 cleanups or children while one end goes on.
 * Cost: proportional to the blocks, children and cleanups, not to the objects.
 */
POND_API void pond_reset(pond *p);
POND_API void pond_destroy(pond *p);

/* The parent, or NULL for a root. The name lives as long as the process. */
POND_API pond *pond_parent(const pond *p);
POND_API const char *pond_name(const pond *p);

/* ----------------------------------------------------------- allocation */

/* The part of pond_alloc that is not inlined; not for direct use. */
POND_API void *pond_alloc_slow(pond *p, size_t size);

/*
 * pond_alloc - carve size bytes, uninitialised, 16-byte aligned.
 * Cost: a compare and an add, inlined (5 instructions for a constant size, 9
 * for a variable one); a new block now and then. Objects over 8 KiB may get
 * a block of their own.
 */
POND_INLINE POND_MALLOC POND_SIZED(2)
    POND_ALIGNED(16) void *pond_alloc(pond *p, size_t size)
{
    /* cur and end are multiples of 16, so comparing the unrounded size is
     * enough: rounding can neither overflow nor overshoot. Zero wraps to the
     * slow path. */
    char *object = p->cur;
    if (POND_CONSTANT(size) && size > 0 && size <= 32768) {
        char *next = object + ((size + 15) & ~(size_t)15);
        if (POND_LIKELY((uintptr_t)next <= (uintptr_t)p->end)) {
            p->cur = next;
            return object;
        }
    } else {
        size_t last = size - 1;
        if (POND_LIKELY(last < (size_t)(p->end - object))) {
            p->cur = object + (last | 15) + 1;
            return object;
        }
    }
    return pond_alloc_slow(p, size);
}

/* count * size bytes, zeroed. Fresh memory is not cleared a second time. */
POND_API POND_MALLOC POND_SIZED(2, 3) void *pond_calloc(pond *p, size_t count,
                                                        size_t size);

/* alignment: a power of two, 1 to 1 MiB; else NULL. */
POND_API POND_MALLOC POND_SIZED(2) void *pond_alloc_aligned(pond *p,
                                                            size_t size,
                                                            size_t alignment);

/*
 * pond_realloc - change the size of an object of p.
 * ptr       an object of p, or NULL (then old_size is ignored)
 * old_size  the size it was last given
 * Returns   the object, perhaps moved, with the first min(old, new) bytes
 *           kept; NULL when out of memory, and the old object is unchanged.
 * The last object of the region, and one with a block of its own, grow and
 * shrink in place where there is room, except when older than the newest mark.
 * A moved object is 16-byte aligned. Its old place is reused only if it had a
 * block of its own and is younger than the newest mark.
 */
POND_API POND_MUST_USE POND_SIZED(4) void *pond_realloc(pond *p, void *ptr,
                                                        size_t old_size,
                                                        size_t new_size);

POND_API POND_MALLOC void *pond_memdup(pond *p, const void *src, size_t size);
POND_API POND_MALLOC char *pond_strdup(pond *p, const char *s);
/* At most max bytes of s, and a terminating zero. */
POND_API POND_MALLOC char *pond_strndup(pond *p, const char *s, size_t max);
/* printf into the pond; NULL also when the format itself fails. */
POND_API POND_MALLOC POND_FORMAT(2, 3) char *pond_printf(pond *p,
                                                         const char *format,
                                                         ...);
POND_API POND_MALLOC POND_FORMAT(2, 0) char *pond_vprintf(pond *p,
                                                          const char *format,
                                                          va_list args);

/* One T, or n of them, uninitialised and aligned for T. */
#define pond_new(p, T) ((T *)pond_new_(p, 1, sizeof(T), POND_ALIGNOF(T)))
#define pond_new_array(p, T, n)                                                \
    ((T *)pond_new_(p, n, sizeof(T), POND_ALIGNOF(T)))

/* What the two macros above expand to; not for direct use. */
static inline POND_MALLOC void *pond_new_(pond *p, size_t count, size_t size,
                                          size_t alignment)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        bytes = SIZE_MAX; /* refused, and remembered by pond_failed */
    return alignment <= 16 ? pond_alloc(p, bytes)
                           : pond_alloc_aligned(p, bytes, alignment);
}

/* ---------------------------------------------------------------- marks */

/*
 * A savepoint, by value. It holds serial numbers, never pointers, so a stale
 * one is refused and can do no harm.
 */
typedef struct pond_mark {
    uint64_t life;   /* of which life of which pond; 0: never valid */
    uint64_t serial; /* which mark of it */
} pond_mark;

/*
 * pond_mark_take - remember this moment of p. Costs 32 bytes of the pond,
 *   unless nothing has happened since the newest mark (then it is the same
 *   mark), so taking and rewinding in a loop does not grow. When there is no
 *   memory for it the mark is one that pond_rewind refuses.
 * pond_rewind - end the children, cleanups, pools and objects of p that are
 *   younger than the mark, in the order of an end, and take their memory back.
 *   A fixed pool or heap older than the mark stays, with all its objects.
 * Returns 0; -EINVAL when the mark is stale (its pond was reset, destroyed or
 *   rewound to an older mark) or of another pond, or when p is just being
 *   ended: then nothing is changed. Rewinding to a mark twice is fine.
 */
POND_API POND_MUST_USE pond_mark pond_mark_take(pond *p);
POND_API int pond_rewind(pond *p, pond_mark mark);

/* ------------------------------------------------------------- cleanups */

typedef struct pond_cleanup pond_cleanup;

/*
 * pond_defer - have fn(arg) called when p ends or is rewound past this point.
 * Returns a handle, or NULL (and nothing is registered) when out of memory:
 *   so defer first, then acquire.
 * pond_cleanup_cancel - do not call it. O(1); the node is reused.
 * pond_cleanup_run    - call it now, and not again. O(1).
 * Both accept NULL and end the handle. A handle also ends when its function
 * has been called.
 */
POND_API POND_MUST_USE pond_cleanup *pond_defer(pond *p, void (*fn)(void *),
                                                void *arg);
POND_API void pond_cleanup_cancel(pond_cleanup *c);
POND_API void pond_cleanup_run(pond_cleanup *c);

/* -------------------------------------------------------------- budgets */

/*
 * pond_limit - let p and its descendants hold at most hard_bytes; 0: no limit.
 *   Charged are whole blocks (their headers too), the current block of a pond
 *   only as far as it may be used: never exceeded, exact for one pond, early
 *   by unused tails for a tree. Over the limit allocations return NULL.
 *   Cost: walks the descendants once.
 * pond_limit_soft - call fn(p, arg) once each time that the charge rises above
 *   soft_bytes (noticed per block); 0 or fn NULL: none. fn may raise limits
 *   and destroy ponds, but not the pond that is allocating or its ancestors.
 *   It is not re-entered.
 * pond_failed - whether an allocation (also of its heaps, pools, cleanups and
 *   children) has failed in p since it was created or reset.
 */
POND_API void pond_limit(pond *p, size_t hard_bytes);
POND_API void pond_limit_soft(pond *p, size_t soft_bytes,
                              void (*fn)(pond *, void *), void *arg);
POND_API bool pond_failed(const pond *p);

/* -------------------------------------------------------------- knowing */

/* All derived when asked for; nothing is counted per allocation. */
typedef struct pond_usage {
    size_t used_bytes;     /* handed out, alignment and rounding included */
    size_t reserved_bytes; /* whole blocks held */
    size_t wasted_bytes;   /* tails of blocks that will not be used again */
    size_t peak_bytes;     /* the most used_bytes since creation or reset; of a
                              tree the sum over its ponds: an upper bound */
    size_t charged_bytes;  /* what counts towards a limit of this pond; 0 when
                              it has none */
    size_t n_blocks;       /* blocks held */
    size_t n_children;     /* direct children; for a tree all descendants */
    size_t n_cleanups;     /* registered */
} pond_usage;

POND_API pond_usage pond_usage_get(const pond *p);  /* this pond */
POND_API pond_usage pond_usage_tree(const pond *p); /* and its descendants */

/* The process as a whole. mapped = in_use + thread_cache + depot + purged
 * + header bytes. */
typedef struct pond_process_usage {
    size_t mapped_bytes;       /* address space taken from the system */
    size_t in_use_bytes;       /* blocks held by ponds, pools, heaps, slabs */
    size_t thread_cache_bytes; /* idle with threads, or between them */
    size_t depot_bytes;        /* idle in the shared depot, still resident */
    size_t purged_bytes;       /* idle and given back, or never touched */
    size_t header_bytes;       /* the block source's own */
    size_t committed_bytes;    /* mapped minus purged: what a limit bounds */
    size_t limit_bytes;        /* see pond_process_limit; 0: none */
    size_t n_ponds;            /* live */
    size_t n_threads;          /* with a cache */
    size_t n_classes;          /* names of ponds seen */
} pond_process_usage;

POND_API pond_process_usage pond_process_usage_get(void);

/* The same by class (name) of pond. */
typedef struct pond_class_usage {
    const char *name;
    size_t n_ponds;           /* live now */
    size_t used_bytes;        /* by them */
    size_t reserved_bytes;    /* by them */
    size_t first_block_bytes; /* what the next one begins with */
} pond_class_usage;

/*
 * pond_class_usage_get - fill rows[0 .. max) and return how many classes there
 * are, which may be more than max. Walks all live ponds once.
 */
POND_API size_t pond_class_usage_get(pond_class_usage *rows, size_t max);

/*
 * pond_visit - call fn(pond, arg) for every live pond of the process, in no
 * particular order. fn may ask it for its name, parent and usage (inside a
 * visit only used, reserved and peak bytes are told, the rest is 0) and must
 * not create, end, allocate or fork. Ponds that other threads are using are
 * seen as they happen to be, those begun or ended meanwhile perhaps not at all.
 */
POND_API void pond_visit(void (*fn)(const pond *, void *), void *arg);

/* ---------------------------------------------------------- the process */

/*
 * pond_hand_over - say that the next thread to use p (a root with all its
 * descendants) is its owner. Pass the pointer by any means with release and
 * acquire order, such as a queue under a lock. Free in release builds: blocks
 * have no owner, so ending a pond on another thread is as cheap.
 */
POND_API void pond_hand_over(pond *p);

/*
 * pond_trim - give idle memory back to the system, for about budget_us
 * microseconds (0: one smallest step). Call it from an event loop's idle
 * moment. It empties the calling thread's cache into the depot, and returns
 * what has lain idle for about 250 ms or more. UINT_MAX: everything idle, at
 * once. Returns the bytes given back.
 */
POND_API size_t pond_trim(unsigned budget_us);

/*
 * pond_process_limit - bound the bytes mapped and not given back, for all
 * threads together; 0: no limit. Idle memory is given back before an
 * allocation fails for it.
 */
POND_API void pond_process_limit(size_t bytes);

/*
 * pond_on_misuse - have fn(line, arg) called before the process aborts over a
 * misuse (an ended pond used, a cleanup that ends its own pond, a corrupted
 * block, ...). fn NULL: the line is written to standard error. The process
 * aborts when fn returns; fn should do little more than log. More misuses are
 * noticed, and told with more words, under AddressSanitizer, under Valgrind and
 * with POND_DEBUG=all in the environment (docs/debugging.md).
 */
POND_API void pond_on_misuse(void (*fn)(const char *line, void *), void *arg);

/* The version of the library that is linked; POND_VERSION is the header's. */
POND_API const char *pond_version(void);

#ifdef __cplusplus
}
#endif
#endif
