/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond is freed in a heap. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_calloc(p, 1, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
