/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_alloc is given a heap whose pond has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_destroy(p);
    char *object = pond_heap_alloc(hidden(h), 40);
    (void)object;
    return 0;
}
