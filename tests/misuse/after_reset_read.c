/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was reset is read. */
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
    pond_reset(p);
    peek(object, 3);
    pond_destroy(p);
    return 0;
}
