/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap_large.c - layer 4: objects of more than 8 KiB, or of more alignment
 * than a class has. Each has a block of its own, and a prefix.
 *
 *   +------+------------+-- --+------+--------------------+
 *   |colour| block_head | gap |prefix| object             |
 *   +------+------------+-- --+------+--------------------+
 */
#include "heap.h"

static struct block_head *head_of(const void *object)
{
    struct block_place place = block_find(object);
    void *at = place.base + block_colour(place.base, place.class);
    return at;
}

static size_t bytes_behind(const struct block_head *b, const void *object)
{
    return (size_t)(head_base(b) + b->charged - (const char *)object);
}

void *heap_large_alloc(struct heap *h, size_t size, size_t alignment,
                       bool *zero)
{
    size_t bytes = PAD + (size ? round16(size) : 16) + alignment - 16;
    struct block_head *b = heap_block_take(h, bytes, bytes, zero);
    if (b == NULL)
        return NULL;
    char *object = head_start(b) + PAD;
    object += -(uintptr_t)object & (alignment - 1);
    prefix_set(h, object, PREFIX_LARGE);
    h->large += bytes_behind(b, object);
    return object;
}

void heap_large_free(struct heap *h, void *object)
{
    struct block_head *b = head_of(object);
    h->large -= bytes_behind(b, object);
    prefix_set(h, object, PREFIX_FREE);
    resident_give(&h->resident, b);
}

size_t heap_large_usable(const void *object)
{
    return bytes_behind(head_of(object), object);
}

bool heap_large_resize(struct heap *h, void *object, size_t size)
{
    struct block_head *b = head_of(object);
    size_t had = bytes_behind(b, object);
    size_t before = (size_t)((char *)object - head_base(b));
    /* A smaller block would do, and this one cannot be cut. */
    if (size < had / 2 && b->class != BLOCK_RUN)
        return false;
    if (!resident_resize(&h->resident, b, before + round16(size)))
        return false;
    h->large += bytes_behind(b, object) - had;
    return true;
}
