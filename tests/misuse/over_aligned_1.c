/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an aligned object. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc_aligned(p, 40, 64);
    spill(object, 40, 1);
    pond_destroy(p);
    return 0;
}
