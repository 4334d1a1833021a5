/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a heap is freed in a fixed pool. */
/* release: later: pond: misuse: more objects were freed in the fixed pool at
 * ... in pond "request" than allocated */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is the object of 40 bytes at ... of heap "request", allocated
 * at wrong_heap_to_fixed+..., called at wrong_heap_to_fixed+... */
/* asan: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is the object of 40 bytes at ... of heap "request" */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is the object of 40 bytes at ... of heap "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_heap_alloc(h, 40);
    pond_fixed_free(f, object);
    pond_destroy(p);
    return 0;
}
