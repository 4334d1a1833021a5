/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: Both heaps have slices; an object of one is freed in the other. */
/* release: later: pond: misuse: pond_heap_free: ... is of the heap at ... in
 * pond "first", not of the one at ... in pond "second" */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "second":
 * it is the object of 64 bytes at ... of heap "first", allocated at
 * wrong_heap_slices+..., called at wrong_heap_slices+... */
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
    static char *object[2][MANY];
    many(h, object[0]);
    many(other, object[1]);
    pond_heap_free(other, object[0][MANY - 1]);
    for (int i = 0; i < MANY; i++)
        pond_heap_free(other, object[1][i]);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
