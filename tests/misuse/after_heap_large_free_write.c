/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object that was freed in a heap is written to. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(h, object);
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
