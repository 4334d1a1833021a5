/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed in a fixed pool whose pond has ended. */
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
    pond_fixed_free(hidden(f), object);
    return 0;
}
