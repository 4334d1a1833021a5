/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of a fixed pool. */
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
    spill(object, 40, 1);
    pond_fixed_free(f, object);
    pond_destroy(p);
    return 0;
}
