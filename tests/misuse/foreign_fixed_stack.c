/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a fixed pool. */
/* release: not seen: a fixed pool looks when many objects have been freed, and
 * at its end counts whether too many have */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or it ended long ago, called at
 * foreign_fixed_stack+... */
/* asan: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    char local[64] = {0};
    pond_fixed_free(f, hidden(local));
    (void)object;
    pond_destroy(p);
    return 0;
}
