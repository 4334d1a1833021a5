/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is freed twice, then the other one. */
/* release: later: pond: misuse: more objects were freed in the fixed pool at
 * ... in pond "request" than allocated */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it has ended: the object of 40 bytes at ... of fixed pool
 * "request", allocated at twice_fixed+..., ended at twice_fixed+..., called at
 * twice_fixed+... */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 8 | is located 0
 * bytes inside of 40-byte region | freed by | in pond_fixed_free | allocated |
 * in pond_fixed_alloc */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    char *other = pond_fixed_alloc(f);
    pond_fixed_free(f, object);
    pond_fixed_free(f, hidden(object));
    pond_fixed_free(f, other);
    pond_destroy(p);
    return 0;
}
