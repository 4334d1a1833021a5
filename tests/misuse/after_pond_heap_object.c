/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a heap is read after the end of its pond. */
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
    pond_destroy(p);
    peek(object, 3);
    return 0;
}
