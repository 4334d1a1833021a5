/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is given a pond that has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    char *object = pond_realloc(p, NULL, 0, 40);
    (void)object;
    return 0;
}
