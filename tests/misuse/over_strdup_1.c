/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind a string of pond_strdup. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_destroy: the object of 6 bytes at ... of
 * pond "request", allocated at over_strdup_1+..., was written to behind its
 * end, at byte 6, noticed at over_strdup_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 6-byte region | allocated | in pond_strdup */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 6
 * alloc'd | pond_strdup */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_strdup(p, "GET /");
    spill(object, 6, 1);
    pond_destroy(p);
    return 0;
}
