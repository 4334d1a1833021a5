/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_alloc is given a pond that has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    char *object = pond_alloc(p, 40);
    (void)object;
    return 0;
}
