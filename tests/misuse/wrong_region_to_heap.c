/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond is freed in a heap. */
/* release: pond: misuse: pond_heap_free: ... is no object of the heap at ... in
 * pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of pond "request", allocated at
 * wrong_region_to_heap+..., called at wrong_region_to_heap+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of pond "request" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": it is the object of 40 bytes at ... of pond "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_calloc(p, 1, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
