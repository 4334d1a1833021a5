/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of a pond. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_destroy: the object of 40 bytes at ... of
 * pond "request", allocated at over_region_1+..., was written to behind its
 * end, at byte 40, noticed at over_region_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 40-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 40
 * alloc'd | pond_alloc */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    spill(object, 40, 1);
    pond_destroy(p);
    return 0;
}
