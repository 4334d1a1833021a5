/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_HEAP_H
#define POND_HEAP_H
/*
 * heap.h - objects of any size in a pond, freed one by one when that pays.
 *
 *     pond_heap *heap = pond_heap_create(connection);
 *     char *line = pond_heap_alloc(heap, 80);
 *     line = pond_heap_realloc(heap, line, 200);
 *     pond_heap_free(heap, line);          // and used again at once
 *     pond_destroy(connection);            // ends whatever is left
 *
 * A heap lives in a pond: its memory is charged to the pond's budget, and it
 * ends with the pond, with all its objects; there is no destroy. It is nearly
 * as cheap to make and to end as the pond itself, and one that lives for ever
 * gives back what it no longer needs. It takes the place of malloc for a
 * library that can be told what to call (zlib, Lua, nghttp2, PCRE2 ...): see
 * examples/adapters.c.
 *
 * What holds for pond.h holds here: sizes, alignment to 16 bytes, errors (NULL,
 * remembered by pond_failed), threads, signals. A heap that is older than a
 * mark stays at a rewind, with all its objects and what they hold.
 */
#include <pond/pond.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Only these fields are public, so that the common cases can be inlined; the
 * rest of a heap is opaque. The byte at tags + (segments & p) + (p >> 15 &
 * 0x3fe) tells an object's class by its address p, or is 0.
 */
typedef struct pond_heap {
    struct pond_heap_bin *bins; /* by class */
    uintptr_t segments;
    uintptr_t tags;
} pond_heap;

/* Free objects of a class that are at hand: the hottest last, below it NULL. */
struct pond_heap_bin {
    void **top;   /* behind the last one */
    void **limit; /* as far as top may grow */
};

/*
 * pond_heap_create - make a heap in p; NULL: out of memory or over the budget.
 * Cost: some ten nanoseconds and 500 bytes of p.
 */
POND_API POND_MUST_USE pond_heap *pond_heap_create(pond *p);

/* The parts of the calls below that are not inlined; not for direct use. */
POND_API POND_MALLOC POND_SIZED(2) void *pond_heap_alloc_slow(pond_heap *h,
                                                              size_t size);
POND_API void pond_heap_free_slow(pond_heap *h, void *ptr);

/* The class of a constant size, 1 to 8192; folded by the compiler. */
#define POND_HEAP_BITS_(last) (63 - __builtin_clzll((last) | 1))
#define POND_HEAP_CLASS_(size)                                                 \
    ((size) <= 256 ? ((size)-1) / 16 + 1                                       \
                   : (((size)-1) >> (POND_HEAP_BITS_((size)-1) - 2)) +         \
                         (size_t)POND_HEAP_BITS_((size)-1) * 4 - 19)

/*
 * pond_heap_alloc - size bytes, uninitialised.
 * Sizes up to 8 KiB are rounded up to one of 36 classes (steps of 16 up to 256,
 * then four for each doubling); larger objects have a block of their own.
 * Cost: for a constant size, of which the heap has many objects, 6 instructions
 * inlined; some 20 and a call for others; now and then a block.
 */
POND_INLINE POND_MALLOC POND_SIZED(2) void *pond_heap_alloc(pond_heap *h,
                                                            size_t size)
{
    if (POND_CONSTANT(size) && size > 0 && size <= 8192) {
        struct pond_heap_bin *bin = h->bins + POND_HEAP_CLASS_(size);
        void **top = bin->top;
        void *object = top[-1];
        if (POND_LIKELY(object != NULL)) {
            bin->top = top - 1;
            return object;
        }
    }
    return pond_heap_alloc_slow(h, size);
}

/* count * size bytes, zeroed. */
POND_API POND_MALLOC POND_SIZED(2, 3) void *pond_heap_calloc(pond_heap *h,
                                                             size_t count,
                                                             size_t size);
/* alignment: a power of two, 1 to 1 MiB; else NULL. */
POND_API POND_MALLOC POND_SIZED(2) void *pond_heap_alloc_aligned(
    pond_heap *h, size_t size, size_t alignment);

/*
 * pond_heap_realloc - change the size of an object; NULL for ptr allocates.
 * Returns the object, perhaps moved, its first min(old, new) bytes kept; NULL
 * when out of memory, and the old object is unchanged. It stays where it is if
 * its class allows; larger ones than 8 KiB if there is room behind them. A
 * moved object is 16-byte aligned. A size of 0 makes it an object of size 0.
 */
POND_API POND_MUST_USE POND_SIZED(3) void *pond_heap_realloc(pond_heap *h,
                                                             void *ptr,
                                                             size_t size);

/*
 * pond_heap_free       - give an object back; NULL does nothing.
 * pond_heap_free_sized - the same for one who knows its size (as it was last
 *                        allocated or reallocated).
 * What is no object of this heap, or was freed already, is a misuse; it is
 * noticed at once or later or not at all; with POND_DEBUG=malloc in the
 * environment always at once (see pond_on_misuse).
 * Cost: 15 instructions inlined for what is small and one of many; else a call.
 */
POND_API void pond_heap_free_sized(pond_heap *h, void *ptr, size_t size);
POND_INLINE void pond_heap_free(pond_heap *h, void *ptr)
{
    uintptr_t p = (uintptr_t)ptr;
    if (!POND_LIKELY(ptr != NULL))
        return;
    unsigned class_ = *(const unsigned char *)(h->tags + (h->segments & p) +
                                               (p >> 15 & 0x3fe));
    struct pond_heap_bin *bin = h->bins + class_;
    void **top = bin->top;
    if (POND_LIKELY(top < bin->limit)) {
        __builtin_prefetch(ptr, 1); /* the next of this class writes to it */
        *top = ptr;
        bin->top = top + 1;
        return;
    }
    pond_heap_free_slow(h, ptr);
}

/* The bytes that may be used behind ptr: the size asked for, or more. */
POND_API size_t pond_heap_usable_size(pond_heap *h, const void *ptr);

#ifdef __cplusplus
}
#endif
#endif
