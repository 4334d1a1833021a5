/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object from a slice of one heap is freed in another. */
/* release: pond: misuse: pond_heap_free: ... is of the heap at ... in pond
 * "first", not of the one at ... in pond "second" */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "second":
 * it is the object of 64 bytes at ... of heap "first", allocated at
 * wrong_heap_slice+..., called at wrong_heap_slice+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "second":
 * it is the object of 64 bytes at ... of heap "first" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "second": it is the object of 64 bytes at ... of heap "first" */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    pond_heap *h = pond_heap_create(a);
    pond_heap *other = pond_heap_create(b);
    char *object[MANY];
    many(h, object);
    pond_heap_free(other, object[MANY - 1]);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
