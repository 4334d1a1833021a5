/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is read after the end of its pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    pond_destroy(p);
    peek(object, 3);
    return 0;
}
