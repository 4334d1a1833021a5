/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed twice whose class has slices of its own. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object[MANY];
    many(h, object);
    pond_heap_free(h, object[900]);
    pond_heap_free(h, hidden(object[900]));
    for (int i = 0; i < 900; i++)
        pond_heap_free(h, object[i]);
    pond_destroy(p);
    return 0;
}
