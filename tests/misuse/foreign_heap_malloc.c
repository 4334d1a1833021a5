/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of malloc is freed in a heap. */
/* release: crash: it looks into the 64 KiB or 2 MiB around the pointer, where
 * there may be nothing OR pond: misuse: pond_heap_free: ... is no object of the
 * heap at ... in pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or it ended long ago, called at foreign_heap_malloc+...
 */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = malloc(40);
    pond_heap_free(h, hidden(object));
    free(object);
    pond_destroy(p);
    return 0;
}
