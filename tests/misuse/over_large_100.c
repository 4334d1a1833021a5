/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind an object with a block of its own. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_destroy: the object of 100000 bytes at ...
 * of pond "request", allocated at over_large_100+..., was written to behind its
 * end, at byte 100000, noticed at over_large_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 100000-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 100,000
 * alloc'd | pond_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 100000);
    spill(object, 100000, 100);
    pond_destroy(p);
    return 0;
}
