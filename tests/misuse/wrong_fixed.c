/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of one fixed pool is freed in another. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
