/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object from a slice is freed in a heap. */
/* release: later: pond: misuse: pond_heap_free: ... is no object of the heap at
 * ... in pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is 16 bytes into the object of 64 bytes at ... of heap "request",
 * allocated at foreign_heap_slice_inside+..., called at
 * foreign_heap_slice_inside+... */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * it is 16 bytes into the object of 64 bytes at ... of heap "request" */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": it is 16 bytes into the object of 64 bytes at ... of heap
 * "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object[MANY];
    many(h, object);
    pond_heap_free(h, hidden(object[MANY - 1] + 16));
    for (int i = 0; i < MANY; i++)
        pond_heap_free(h, object[i]);
    pond_destroy(p);
    return 0;
}
