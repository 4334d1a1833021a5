/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written before a large object of a heap. */
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
    spill_before(object, 1);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
