/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object from a slice of one heap is freed in another. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    pond_heap *h = pond_heap_create(a);
    pond_heap *other = pond_heap_create(b);
    char *object[MANY];
    many(h, object);
    pond_heap_free(other, object[900]);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
