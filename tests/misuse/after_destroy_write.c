/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was destroyed is written to. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    pond_destroy(p);
    poke(object, 3);
    return 0;
}
