/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object is freed in a fixed pool. */
/* release: not seen: a fixed pool looks when many objects have been freed, and
 * at its end counts whether too many have */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is 16 bytes into the object of 40 bytes at ... of fixed pool
 * "request", allocated at foreign_fixed_inside+..., called at
 * foreign_fixed_inside+... */
/* asan: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is 16 bytes into the object of 40 bytes at ... of fixed pool
 * "request" */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it is 16 bytes into the object of 40 bytes at ... of fixed pool
 * "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    pond_fixed_free(f, hidden(object + 16));
    pond_destroy(p);
    return 0;
}
