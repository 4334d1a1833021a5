/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is given an object of another pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    char *object = pond_alloc(a, 40);
    char *moved = pond_realloc(b, object, 40, 400);
    (void)moved;
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
