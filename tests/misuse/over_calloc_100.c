/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind an array of pond_calloc. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_calloc(p, 10, 4);
    spill(object, 40, 100);
    pond_destroy(p);
    return 0;
}
