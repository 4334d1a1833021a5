/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object of one heap is freed in another. */
/* release: pond: misuse: pond_heap_free: ... is no object of the heap at ... in
 * pond "second", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "second":
 * it is the object of 100000 bytes at ... of heap "first", allocated at
 * wrong_heap_large+..., called at wrong_heap_large+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "second":
 * it is the object of 100000 bytes at ... of heap "first" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "second": it is the object of 100000 bytes at ... of heap "first" */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    pond_heap *h = pond_heap_create(a);
    pond_heap *other = pond_heap_create(b);
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(other, object);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
