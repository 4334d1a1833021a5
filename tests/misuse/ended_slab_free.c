/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is freed in a slab that was destroyed meanwhile. */
/* release: pond: slab "job" was destroyed with 1 objects of 48 bytes still
 * live; their memory stays / pond: misuse: pond_slab_free: the slab at ... has
 * been destroyed, or is none */
/* debug: pond: slab "job" was destroyed with 1 objects of 48 bytes still live;
 * their memory stays / pond: misuse: pond_slab_free: ... is no live slab: it
 * has ended: slab "job" (...), allocated at ended_slab_free+..., ended at
 * ended_slab_free+..., called at ended_slab_free+... */
/* asan: pond: slab "job" was destroyed with 1 objects of 48 bytes still live;
 * their memory stays | pond: misuse: pond_slab_free: ... is no live slab:
 * nothing begins there, or not any more | AddressSanitizer: heap-use-after-free
 * | is located 16 bytes inside of 272-byte region | allocated | in
 * pond_slab_create */
/* valgrind: pond: slab "job" was destroyed with 1 objects of 48 bytes still
 * live; their memory stays */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_destroy(s);
    pond_slab_free(hidden(s), object);
    return 0;
}
