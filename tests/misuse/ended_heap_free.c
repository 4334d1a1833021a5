/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed in a heap whose pond has ended. */
/* release: pond: misuse: pond_heap_free: the pond of the heap at ... has ended
 */
/* debug: pond: misuse: pond_heap_free: ... is no live heap: it has ended: heap
 * "request" (...), allocated at ended_heap_free+..., ended at
 * ended_heap_free+..., called at ended_heap_free+... */
/* asan: pond: misuse: pond_heap_free: ... is no live heap: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 528-byte region | allocated | in pond_heap_create */
/* valgrind: pond: misuse: pond_heap_free: ... is no live heap: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    pond_destroy(p);
    pond_heap_free(hidden(h), object);
    return 0;
}
