/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written before an aligned object. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_destroy: the object of 40 bytes at ... of
 * pond "request", allocated at under_aligned_1+..., was written to before its
 * start, at byte -1, noticed at under_aligned_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region | allocated | in pond_alloc_aligned */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd | pond_alloc_aligned */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc_aligned(p, 40, 64);
    spill_before(object, 1);
    pond_destroy(p);
    return 0;
}
