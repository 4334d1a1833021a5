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

typedef struct pond_heap pond_heap;

/*
 * pond_heap_create - make a heap in p; NULL: out of memory or over the budget.
 * Cost: some ten nanoseconds and 500 bytes of p.
 */
POND_API POND_MUST_USE pond_heap *pond_heap_create(pond *p);

/*
 * pond_heap_alloc - size bytes, uninitialised.
 * Sizes up to 8 KiB are rounded up to one of 36 classes (steps of 16 up to 256,
 * then four for each doubling); larger objects have a block of their own.
 */
POND_API POND_MALLOC POND_SIZED(2) void *pond_heap_alloc(pond_heap *h,
                                                         size_t size);
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
 */
POND_API void pond_heap_free(pond_heap *h, void *ptr);
POND_API void pond_heap_free_sized(pond_heap *h, void *ptr, size_t size);

/* The bytes that may be used behind ptr: the size asked for, or more. */
POND_API size_t pond_heap_usable_size(pond_heap *h, const void *ptr);

#ifdef __cplusplus
}
#endif
#endif
