/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed twice whose class has slices of its own. */
/* release: later: pond: misuse: pond_heap_free: ... is no object of the heap at
 * ... in pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it has ended: the object of 64 bytes at ... of heap "request", allocated at
 * twice_heap_slice+..., ended at twice_heap_slice+..., called at
 * twice_heap_slice+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or not any more | AddressSanitizer: heap-use-after-free
 * | is located 0 bytes inside of 64-byte region */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object[MANY];
    many(h, object);
    pond_heap_free(h, object[MANY - 1]);
    pond_heap_free(h, hidden(object[MANY - 1]));
    for (int i = 0; i < MANY - 1; i++)
        pond_heap_free(h, object[i]);
    pond_destroy(p);
    return 0;
}
