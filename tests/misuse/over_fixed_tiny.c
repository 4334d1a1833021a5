/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of 3 bytes in a fixed pool. */
/* release: not seen: an object of a fixed pool has at least 8 bytes, for the
 * list of free ones */
/* debug: not seen: an object of a fixed pool has at least 8 bytes, for the list
 * of free ones */
/* asan: not seen: an object of a fixed pool has at least 8 bytes, for the list
 * of free ones */
/* valgrind: not seen: an object of a fixed pool has at least 8 bytes, for the
 * list of free ones */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 3);
    char *object = pond_fixed_alloc(f);
    spill(object, 3, 1);
    pond_fixed_free(f, object);
    pond_destroy(p);
    return 0;
}
