/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of malloc is freed in a fixed pool. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
