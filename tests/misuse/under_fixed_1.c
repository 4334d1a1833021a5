/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written before an object of a fixed pool. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_fixed_free: the object of 40 bytes at ... of
 * fixed pool "request", allocated at under_fixed_1+..., was written to before
 * its start, at byte -1, noticed at under_fixed_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region | allocated | in pond_fixed_alloc */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd | pond_fixed_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    spill_before(object, 1);
    pond_fixed_free(f, object);
    pond_destroy(p);
    return 0;
}
