/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind a string of pond_printf. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_destroy: the object of 6 bytes at ... of
 * pond "request", allocated at over_printf_1+..., was written to behind its
 * end, at byte 6, noticed at over_printf_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 6-byte region | allocated | in pond_printf */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 6
 * alloc'd | pond_printf */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_printf(p, "%s %d", "GET", 1);
    spill(object, 6, 1);
    pond_destroy(p);
    return 0;
}
