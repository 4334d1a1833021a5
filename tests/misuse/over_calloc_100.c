/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind an array of pond_calloc. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_destroy: the object of 40 bytes at ... of
 * pond "request", allocated at over_calloc_100+..., was written to behind its
 * end, at byte 40, noticed at over_calloc_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 40-byte region | allocated | in pond_calloc */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 40
 * alloc'd | pond_calloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_calloc(p, 10, 4);
    spill(object, 40, 100);
    pond_destroy(p);
    return 0;
}
