/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a heap is freed in a fixed pool. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
