/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_realloc is given an object that was freed. */
/* release: pond: misuse: pond_heap_realloc: ... was freed already in the heap
 * at ... in pond "request" */
/* debug: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": it has ended: the object of 40 bytes at ... of heap "request",
 * allocated at size_heap_realloc_freed+..., ended at
 * size_heap_realloc_freed+..., called at size_heap_realloc_freed+... */
/* asan: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": nothing begins there, or not any more | AddressSanitizer:
 * heap-use-after-free | is located 0 bytes inside of 40-byte region */
/* valgrind: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free(h, object);
    char *moved = pond_heap_realloc(h, hidden(object), 400);
    (void)moved;
    pond_destroy(p);
    return 0;
}
