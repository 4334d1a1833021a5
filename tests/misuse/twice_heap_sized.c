/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed twice with its size. */
/* release: pond: misuse: pond_heap_free: ... was freed already in the heap at
 * ... in pond "request" */
/* debug: pond: misuse: pond_heap_free_sized: ... is no live object of heap
 * "request": it has ended: the object of 40 bytes at ... of heap "request",
 * allocated at twice_heap_sized+..., ended at twice_heap_sized+..., called at
 * twice_heap_sized+... */
/* asan: pond: misuse: pond_heap_free_sized: ... is no live object of heap
 * "request": nothing begins there, or not any more | AddressSanitizer:
 * heap-use-after-free | is located 0 bytes inside of 40-byte region */
/* valgrind: pond: misuse: pond_heap_free_sized: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free_sized(h, object, 40);
    pond_heap_free_sized(h, hidden(object), 40);
    pond_destroy(p);
    return 0;
}
