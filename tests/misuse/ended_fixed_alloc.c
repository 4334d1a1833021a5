/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_fixed_alloc is given a pool whose pond has ended. */
/* release: pond: misuse: pond_fixed_alloc: the pond of the pool at ... has
 * ended */
/* debug: pond: misuse: pond_fixed_alloc: ... is no live fixed pool: it has
 * ended: fixed pool "request" (...), allocated at ended_fixed_alloc+..., ended
 * at ended_fixed_alloc+..., called at ended_fixed_alloc+... */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 8 | is located 16
 * bytes inside of 168-byte region | allocated | in pond_fixed_create */
/* valgrind: pond: misuse: pond_fixed_alloc: ... is no live fixed pool: nothing
 * begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    pond_destroy(p);
    object = pond_fixed_alloc(hidden(f));
    (void)object;
    return 0;
}
