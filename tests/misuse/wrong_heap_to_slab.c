/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a heap is freed in a slab. */
/* release: later: pond: misuse: pond_slab_free: ... is no object of the slab
 * "job", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is the object of 40 bytes at ... of heap "request", allocated at
 * wrong_heap_to_slab+..., called at wrong_heap_to_slab+... */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is the object of 40 bytes at ... of heap "request" */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * it is the object of 40 bytes at ... of heap "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_heap_alloc(h, 40);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    pond_destroy(p);
    return 0;
}
