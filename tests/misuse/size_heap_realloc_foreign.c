/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_realloc is given an object of the pond. */
/* release: pond: misuse: pond_heap_realloc: ... is no object of the heap at ...
 * in pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": it is 32 bytes into the object of 80 bytes at ... of pond
 * "request", allocated at size_heap_realloc_foreign+..., called at
 * size_heap_realloc_foreign+... */
/* asan: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": it is 32 bytes into the object of 80 bytes at ... of pond
 * "request" */
/* valgrind: pond: misuse: pond_heap_realloc: ... is no live object of heap
 * "request": it is 32 bytes into the object of 80 bytes at ... of pond
 * "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_calloc(p, 2, 40);
    char *moved = pond_heap_realloc(h, hidden(object + 32), 400);
    (void)moved;
    pond_destroy(p);
    return 0;
}
