/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object of a slab. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_slab_free: the object of 40 bytes at ... of
 * slab "job", allocated at under_slab_100+..., was written to before its start,
 * at byte -100, noticed at under_slab_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    spill_before(object, 100);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    return 0;
}
