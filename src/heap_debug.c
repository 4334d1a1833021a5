/* SPDX-License-Identifier: BSD-2-Clause */
/* heap_debug.c - layer 4: a heap where debug_on: each object is a malloc. */
#include "heap.h"

#include <string.h>

enum { ALIGNMENT_MOST = 1 << 20 };

bool heap_debug_create(struct heap *h, struct region *r)
{
    return debug_pool_add(&h->resident, r, h, "heap");
}

static struct heap *checked(pond_heap *p, const char *call, const void *caller)
{
    debug_pool_check(p, "heap", call, caller);
    return heap_of(p);
}

static struct heap *entered(pond_heap *p, const char *call, const void *caller,
                            struct debug_tree **in)
{
    struct heap *h = checked(p, call, caller);
    *in = debug_enter(h->resident.region, call, caller);
    return h;
}

/* An object; on an error the pond is told. */
static void *make(struct heap *h, size_t size, size_t alignment)
{
    struct region *r = h->resident.region;
    void *object = NULL;
    if (size <= PTRDIFF_MAX && alignment <= ALIGNMENT_MOST && alignment > 0 &&
        (alignment & (alignment - 1)) == 0)
        object = debug_pool_alloc(h->resident.debug, size,
                                  alignment < 16 ? 16 : alignment);
    if (object == NULL)
        return region_fail(r);
    resident_notify(&h->resident);
    return object;
}

static void *alloc(pond_heap *p, size_t size, size_t alignment,
                   const void *caller)
{
    struct debug_tree *in;
    struct heap *h = entered(p, "pond_heap_alloc", caller, &in);
    void *object = make(h, size, alignment);
    debug_leave(in);
    return object;
}

void *heap_debug_alloc(pond_heap *p, size_t size, size_t alignment)
{
    return alloc(p, size, alignment, CALLER);
}

void *heap_debug_calloc(pond_heap *p, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        bytes = SIZE_MAX;
    void *object = alloc(p, bytes, 16, CALLER);
    return object ? memset(object, 0, bytes) : NULL;
}

/* Always to another place. To shrink cannot fail: then it stays. */
static void *move(struct heap *h, void *ptr, size_t size)
{
    struct debug_pool *pool = h->resident.debug;
    struct debug_object *o = debug_pool_find(pool, ptr, "pond_heap_realloc");
    void *moved = make(h, size, 16);
    if (moved == NULL && size > o->asked)
        return NULL;
    if (moved == NULL) {
        o->asked = size;
        return ptr;
    }
    memcpy(moved, ptr, size < o->asked ? size : o->asked);
    debug_pool_free(pool, o);
    return moved;
}

void *heap_debug_realloc(pond_heap *p, void *ptr, size_t size)
{
    if (ptr == NULL)
        return alloc(p, size, 16, CALLER);
    struct debug_tree *in;
    struct heap *h = entered(p, "pond_heap_realloc", CALLER, &in);
    void *object = move(h, ptr, size);
    debug_leave(in);
    return object;
}

void heap_debug_free(pond_heap *p, void *ptr, size_t size)
{
    const char *call =
        size == SIZE_MAX ? "pond_heap_free" : "pond_heap_free_sized";
    struct debug_tree *in;
    struct heap *h = entered(p, call, CALLER, &in);
    struct debug_object *o = debug_pool_find(h->resident.debug, ptr, call);
    if (size != SIZE_MAX && size != o->asked)
        misuse_of(o, "is said to have %zu", size);
    debug_pool_free(h->resident.debug, o);
    debug_leave(in);
}

size_t heap_debug_usable_size(pond_heap *p, const void *ptr)
{
    struct heap *h = checked(p, "pond_heap_usable_size", CALLER);
    return debug_pool_find(h->resident.debug, ptr, "pond_heap_usable_size")
        ->asked;
}
