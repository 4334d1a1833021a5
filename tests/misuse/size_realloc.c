/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is told a wrong old size. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    char *moved = pond_realloc(p, object, 80, 400);
    (void)moved;
    pond_destroy(p);
    return 0;
}
