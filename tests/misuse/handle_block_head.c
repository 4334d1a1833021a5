/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The head of a later block is overwritten. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *first = pond_alloc(p, 4000);
    char *object = pond_alloc(p, 9000);
    spill_before(object, 48);
    (void)first;
    pond_destroy(p);
    return 0;
}
