/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was reset is written to. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    pond_reset(p);
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
