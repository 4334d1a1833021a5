/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object is freed in a heap. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_calloc(h, 1, 64);
    pond_heap_free(h, hidden(object + 16));
    pond_destroy(p);
    return 0;
}
