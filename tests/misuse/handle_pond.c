/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The handle of a pond is overwritten. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    memset(hidden(p), 'x', 64);
    char *object = pond_alloc(p, 40);
    (void)object;
    pond_destroy(p);
    return 0;
}
