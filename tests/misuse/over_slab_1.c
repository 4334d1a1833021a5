/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of a slab. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_slab_free: the object of 40 bytes at ... of
 * slab "job", allocated at over_slab_1+..., was written to behind its end, at
 * byte 40, noticed at over_slab_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 40-byte region */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    spill(object, 40, 1);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    return 0;
}
