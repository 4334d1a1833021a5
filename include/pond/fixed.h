/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_FIXED_H
#define POND_FIXED_H
/*
 * fixed.h - a pool of objects of one size that lives in a pond.
 *
 * Objects are freed one by one and used again at once; the whole pool ends with
 * its pond, so there is no destroy. Best through a typed face:
 *
 *     POND_FIXED(connection_pool, struct connection);
 *
 *     connection_pool *pool = connection_pool_create(p);
 *     struct connection *c = connection_pool_alloc(pool);
 *     ...
 *     connection_pool_free(pool, c);
 *
 * What holds for pond.h holds here: sizes, errors, threads, signals. The
 * memory is charged to the pond's budget. A pool that is older than a mark
 * stays at a rewind, with all its objects and what they hold.
 */
#include <pond/pond.h>

#define POND_UNUSED __attribute__((unused))

#ifdef __cplusplus
#define POND_STATIC_ASSERT(x, text) static_assert(x, text)
extern "C" {
#else
#define POND_STATIC_ASSERT(x, text) _Static_assert(x, text)
#endif

/*
 * Only these fields are public, so that both calls can be inlined. (free and
 * live stand apart, or gcc merges the two stores into a vector's.)
 */
typedef struct pond_fixed {
    void *free;         /* the next object, linked through first bytes */
    size_t sweep_below; /* pond_fixed_free goes slow with fewer live ones */
    size_t live;        /* objects handed out; in debug mode one more */
} pond_fixed;

/*
 * pond_fixed_create - make a pool in p for objects of object_size bytes.
 * Objects are aligned to 16 bytes, or to the largest power of two up to 64 that
 * divides object_size rounded up to 16: enough for any type of that size with
 * an alignment up to 64.
 * Returns NULL when out of memory or over the budget of p. Takes a first block,
 * for some 8 objects, with the first object.
 */
POND_API POND_MUST_USE pond_fixed *pond_fixed_create(pond *p,
                                                     size_t object_size);

/* The parts of the two calls below that are not inlined; not for direct use. */
POND_API void *pond_fixed_alloc_slow(pond_fixed *f);
POND_API void pond_fixed_free_slow(pond_fixed *f);

/*
 * pond_fixed_alloc - an object, uninitialised; NULL when out of memory.
 * Cost: 6 instructions, inlined; now and then a block, of which a page at a
 * time is cut into objects.
 */
POND_INLINE POND_MALLOC void *pond_fixed_alloc(pond_fixed *f)
{
    void *object = f->free;
    if (!POND_LIKELY(object != NULL))
        return pond_fixed_alloc_slow(f);
    __builtin_memcpy(&f->free, object, sizeof f->free);
    f->live++;
    return object;
}

/*
 * pond_fixed_free - give an object back; NULL does nothing. It must be of this
 * pool and handed out: else it is a misuse, noticed late or not at all, but at
 * once with POND_DEBUG=malloc in the environment.
 * Cost: 8 instructions, inlined; now and then a look over recently freed
 * objects (some nanoseconds each), after which blocks without any object go
 * back, all but one.
 */
POND_INLINE void pond_fixed_free(pond_fixed *f, void *object)
{
    if (!POND_LIKELY(object != NULL))
        return;
    __builtin_memcpy(object, &f->free, sizeof f->free);
    f->free = object;
    if (!POND_LIKELY(--f->live >= f->sweep_below))
        pond_fixed_free_slow(f);
}

/*
 * POND_FIXED - declare a pool of objects of type T: a type `name`, and inline
 * functions name_create(p), name_alloc(pool) and name_free(pool, object).
 */
#define POND_FIXED(name, T)                                                    \
    POND_STATIC_ASSERT(POND_ALIGNOF(T) <= 64,                                  \
                       "objects of a pond_fixed are aligned to 64 at most");   \
    typedef struct name {                                                      \
        pond_fixed pool;                                                       \
    } name;                                                                    \
    static inline POND_UNUSED POND_MUST_USE name *name##_create(pond *p)       \
    {                                                                          \
        return (name *)(void *)pond_fixed_create(p, sizeof(T));                \
    }                                                                          \
    static inline POND_UNUSED POND_MUST_USE T *name##_alloc(name *pool)        \
    {                                                                          \
        return (T *)pond_fixed_alloc(&pool->pool);                             \
    }                                                                          \
    static inline POND_UNUSED void name##_free(name *pool, T *object)          \
    {                                                                          \
        pond_fixed_free(&pool->pool, object);                                  \
    }                                                                          \
    POND_STATIC_ASSERT(sizeof(name) == sizeof(pond_fixed), "a plain face")

#ifdef __cplusplus
}
#endif
#endif
