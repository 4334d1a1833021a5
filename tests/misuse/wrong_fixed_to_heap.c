/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is freed in a heap. */
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
    char *object = pond_fixed_alloc(f);
    memset(object, 0, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
