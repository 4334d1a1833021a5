/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of one fixed pool is freed in another. */
/* release: later: pond: misuse: more objects were freed in the fixed pool at
 * ... in pond "second" than allocated */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "second": it is the object of 40 bytes at ... of fixed pool "first",
 * allocated at wrong_fixed+..., called at wrong_fixed+... */
/* asan: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "second": it is the object of 40 bytes at ... of fixed pool "first" */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "second": it is the object of 40 bytes at ... of fixed pool "first" */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    pond_fixed *f = pond_fixed_create(a, 40);
    pond_fixed *other = pond_fixed_create(b, 40);
    char *object = pond_fixed_alloc(f);
    char *second = pond_fixed_alloc(other);
    pond_fixed_free(other, object);
    pond_fixed_free(other, second);
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
