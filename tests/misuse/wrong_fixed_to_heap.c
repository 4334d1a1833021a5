/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is freed in a heap. */
/* release: pond: misuse: pond_heap_free: ... is no object of the heap at ... in
 * pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of fixed pool "request", allocated at
 * wrong_fixed_to_heap+..., called at wrong_fixed_to_heap+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is the object of 40 bytes at ... of fixed pool "request" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": it is the object of 40 bytes at ... of fixed pool "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    memset(object, 0, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
