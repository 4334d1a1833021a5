/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object of one heap is freed in another. */
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
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(other, object);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
