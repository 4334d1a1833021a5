/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_realloc is given an object of the pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
