/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An ended pond is used whose place another pond has by now. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    pond *next = pond_create(NULL, "request");
    char *object = pond_alloc(hidden(p), 40);
    (void)object;
    pond_destroy(next);
    return 0;
}
