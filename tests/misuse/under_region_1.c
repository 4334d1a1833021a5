/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written before an object of a pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *before = pond_alloc(p, 200);
    char *object = pond_alloc(p, 40);
    spill_before(object, 1);
    (void)before;
    pond_destroy(p);
    return 0;
}
