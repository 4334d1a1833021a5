/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object with a block of its own. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 100000);
    spill_before(object, 100);
    pond_destroy(p);
    return 0;
}
