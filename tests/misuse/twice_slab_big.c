/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of over 8 KiB is freed twice in a slab. */
/* release: pond: misuse: pond_slab_free: ... is no object of the slab "job", or
 * was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * has ended: the object of 20000 bytes at ... of slab "job", allocated at
 * twice_slab_big+..., ended at twice_slab_big+..., called at twice_slab_big+...
 */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more | AddressSanitizer: heap-use-after-free
 * | is located 0 bytes inside of 20000-byte region */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(20000, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, object);
    pond_slab_free(s, hidden(object));
    pond_slab_destroy(s);
    return 0;
}
