/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is told too large an old size of a large object. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 100000);
    char *moved = pond_realloc(p, object, 200000, 300000);
    (void)moved;
    pond_destroy(p);
    return 0;
}
