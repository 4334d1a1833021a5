/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object is freed in a fixed pool. */
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
    pond_fixed_free(f, hidden(object + 16));
    pond_destroy(p);
    return 0;
}
