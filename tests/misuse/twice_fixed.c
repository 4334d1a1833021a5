/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is freed twice, then the other one. */
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
    char *other = pond_fixed_alloc(f);
    pond_fixed_free(f, object);
    pond_fixed_free(f, hidden(object));
    pond_fixed_free(f, other);
    pond_destroy(p);
    return 0;
}
