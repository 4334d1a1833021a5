/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond is given to free(). */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    free(hidden(object));
    pond_destroy(p);
    return 0;
}
