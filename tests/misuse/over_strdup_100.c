/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind a string of pond_strdup. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_destroy: the object of 6 bytes at ... of
 * pond "request", allocated at over_strdup_100+..., was written to behind its
 * end, at byte 6, noticed at over_strdup_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 6-byte region | allocated | in pond_strdup */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 6
 * alloc'd | pond_strdup */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_strdup(p, "GET /");
    spill(object, 6, 100);
    pond_destroy(p);
    return 0;
}
