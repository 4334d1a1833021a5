/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_alloc is given a heap whose pond has ended. */
/* release: pond: misuse: pond_heap_alloc: the pond of the heap at ... has ended
 */
/* debug: pond: misuse: pond_heap_alloc: ... is no live heap: it has ended: heap
 * "request" (...), allocated at ended_heap_alloc+..., ended at
 * ended_heap_alloc+..., called at ended_heap_alloc+... */
/* asan: pond: misuse: pond_heap_alloc: ... is no live heap: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 528-byte region | allocated | in pond_heap_create */
/* valgrind: pond: misuse: pond_heap_alloc: ... is no live heap: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_destroy(p);
    char *object = pond_heap_alloc(hidden(h), 40);
    (void)object;
    return 0;
}
