/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_create is given a pond that has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    pond_heap *h = pond_heap_create(p);
    (void)h;
    return 0;
}
