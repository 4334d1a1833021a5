/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a slab is freed in a heap. */
/* release: pond: misuse: pond_heap_free: ... is no object of the heap at ... in
 * pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of slab "job", allocated at
 * wrong_slab_to_heap+..., called at wrong_slab_to_heap+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of slab "job" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": it is the object of 40 bytes at ... of slab "job" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_heap_free(h, object);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    pond_destroy(p);
    return 0;
}
