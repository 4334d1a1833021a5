/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed twice with its size. */
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
    pond_heap_free_sized(h, object, 40);
    pond_heap_free_sized(h, hidden(object), 40);
    pond_destroy(p);
    return 0;
}
