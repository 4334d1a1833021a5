/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The handle of a heap is overwritten. */
/* release: crash: it follows what stands in the handle */
/* debug: not seen: objects are not found through the heap's handle then */
/* asan: not seen: objects are not found through the heap's handle then */
/* valgrind: not seen: objects are not found through the heap's handle then */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    memset(hidden(h), 'x', 64);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
