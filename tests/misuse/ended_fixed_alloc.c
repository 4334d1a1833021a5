/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_fixed_alloc is given a pool whose pond has ended. */
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
    object = pond_fixed_alloc(hidden(f));
    (void)object;
    return 0;
}
