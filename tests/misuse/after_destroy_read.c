/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was destroyed is read. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    pond_destroy(p);
    peek(object, 3);
    return 0;
}
