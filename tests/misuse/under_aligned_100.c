/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an aligned object. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc_aligned(p, 40, 64);
    spill_before(object, 100);
    pond_destroy(p);
    return 0;
}
