/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of a pond. */
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
    spill(object, 40, 1);
    pond_destroy(p);
    return 0;
}
