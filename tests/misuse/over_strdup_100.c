/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind a string of pond_strdup. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_strdup(p, "GET /");
    spill(object, 6, 100);
    pond_destroy(p);
    return 0;
}
