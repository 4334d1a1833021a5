/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object that was freed in a fixed pool is written to. */
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
    pond_fixed_free(f, object);
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
