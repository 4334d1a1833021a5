/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind a string of pond_strdup. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_strdup(p, "GET /");
    spill(object, 6, 1);
    pond_destroy(p);
    return 0;
}
