/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object of a fixed pool. */
/* release: later: pond: misuse: the head at ... of a block of pond "request"
 * (...) was overwritten */
/* debug: later: pond: misuse: pond_fixed_free: the object of 40 bytes at ... of
 * fixed pool "request", allocated at under_fixed_100+..., was written to before
 * its start, at byte -100, noticed at under_fixed_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region | allocated | in pond_fixed_alloc */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    spill_before(object, 100);
    pond_fixed_free(f, object);
    pond_destroy(p);
    return 0;
}
