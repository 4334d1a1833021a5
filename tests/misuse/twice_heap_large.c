/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object is freed twice in a heap. */
/* release: pond: misuse: pond_heap_free: ... was freed already in the heap at
 * ... in pond "request" */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it has ended: the object of 100000 bytes at ... of heap "request", allocated
 * at twice_heap_large+..., ended at twice_heap_large+..., called at
 * twice_heap_large+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or not any more | AddressSanitizer: heap-use-after-free
 * | is located 0 bytes inside of 100000-byte region */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(h, object);
    pond_heap_free(h, hidden(object));
    pond_destroy(p);
    return 0;
}
