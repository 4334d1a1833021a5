/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: One of many objects of a fixed pool is freed twice. */
/* release: later: pond: misuse: more objects were freed in the fixed pool at
 * ... in pond "request" than allocated */
/* debug: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": it has ended: the object of 1000 bytes at ... of fixed pool
 * "request", allocated at twice_fixed_of_many+..., ended at
 * twice_fixed_of_many+..., called at twice_fixed_of_many+... */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 8 | is located 0
 * bytes inside of 1000-byte region | freed by | in pond_fixed_free | allocated
 * | in pond_fixed_alloc */
/* valgrind: pond: misuse: pond_fixed_free: ... is no live object of fixed pool
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 1000);
    char *object[500];
    for (int i = 0; i < 500; i++)
        object[i] = pond_fixed_alloc(f);
    for (int i = 0; i < 400; i++)
        pond_fixed_free(f, object[i]);
    pond_fixed_free(f, hidden(object[100]));
    for (int i = 400; i < 500; i++)
        pond_fixed_free(f, object[i]);
    pond_destroy(p);
    return 0;
}
