/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The old place of an object is read after pond_heap_realloc. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    char *moved = pond_heap_realloc(h, object, 400);
    peek(object, 3);
    (void)moved;
    pond_destroy(p);
    return 0;
}
