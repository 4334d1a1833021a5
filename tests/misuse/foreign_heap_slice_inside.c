/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object from a slice is freed in a heap. */
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
    pond_heap_free(h, hidden(object[900] + 16));
    for (int i = 0; i < MANY; i++)
        pond_heap_free(h, object[i]);
    pond_destroy(p);
    return 0;
}
