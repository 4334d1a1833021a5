/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object of a pond. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_destroy: the object of 40 bytes at ... of
 * pond "request", allocated at under_region_100+..., was written to before its
 * start, at byte -100, noticed at under_region_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *before = pond_alloc(p, 120);
    char *object = pond_alloc(p, 40);
    spill_before(object, 100);
    (void)before;
    pond_destroy(p);
    return 0;
}
