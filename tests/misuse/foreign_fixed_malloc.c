/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of malloc is freed in a fixed pool. */
/* release: later: pond: misuse: more objects were freed in the fixed pool at
 * ... in pond "request" than allocated */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or it ended long ago, called at
 * foreign_fixed_malloc+... */
/* asan: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = malloc(40);
    pond_fixed_free(f, hidden(object));
    free(object);
    pond_destroy(p);
    return 0;
}
