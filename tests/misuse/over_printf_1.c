/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind a string of pond_printf. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_printf(p, "%s %d", "GET", 1);
    spill(object, 6, 1);
    pond_destroy(p);
    return 0;
}
