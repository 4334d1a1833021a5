/* SPDX-License-Identifier: BSD-2-Clause */
/* adapter.c - a heap behind the shape of malloc and its kin. */
#include "adapter.h"

static bool refuse(struct adapter *a)
{
    size_t n = ++a->asked;
    return n == a->refuse_at ||
           (a->refuse_at != 0 && n > a->refuse_at && a->for_ever);
}

static void *told(struct adapter *a, void *object)
{
    a->refused += object == NULL;
    return object;
}

static void *counted(struct adapter *a, void *object)
{
    a->live += object != NULL;
    return told(a, object);
}

void *adapter_alloc(void *adapter, size_t size)
{
    struct adapter *a = adapter;
    return counted(a, refuse(a) ? NULL : pond_heap_alloc(a->heap, size));
}

void *adapter_calloc(void *adapter, size_t count, size_t size)
{
    struct adapter *a = adapter;
    void *object = refuse(a) ? NULL : pond_heap_calloc(a->heap, count, size);
    return counted(a, object);
}

void *adapter_realloc(void *adapter, void *ptr, size_t size)
{
    struct adapter *a = adapter;
    if (ptr == NULL)
        return adapter_alloc(adapter, size);
    return told(a, refuse(a) ? NULL : pond_heap_realloc(a->heap, ptr, size));
}

void adapter_free(void *adapter, void *ptr)
{
    struct adapter *a = adapter;
    a->live -= ptr != NULL;
    pond_heap_free(a->heap, ptr);
}
