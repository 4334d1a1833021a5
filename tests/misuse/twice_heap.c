/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A small object is freed twice in a heap. */
/* release: pond: misuse: pond_heap_free: ... was freed already in the heap at
 * ... in pond "request" */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it has ended: the object of 40 bytes at ... of heap "request", allocated at
 * twice_heap+..., ended at twice_heap+..., called at twice_heap+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or not any more | AddressSanitizer: heap-use-after-free
 * | is located 0 bytes inside of 40-byte region */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": nothing begins there, or not any more */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free(h, object);
    pond_heap_free(h, hidden(object));
    pond_destroy(p);
    return 0;
}
