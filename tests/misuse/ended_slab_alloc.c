/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_slab_alloc is given a slab that was destroyed. */
/* release: pond: misuse: pond_slab_alloc: the slab at ... has been destroyed,
 * or is none */
/* debug: pond: misuse: pond_slab_alloc: ... is no live slab: it has ended: slab
 * "job" (...), allocated at ended_slab_alloc+..., ended at
 * ended_slab_alloc+..., called at ended_slab_alloc+... */
/* asan: pond: misuse: pond_slab_alloc: ... is no live slab: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 272-byte region | allocated | in pond_slab_create */
/* valgrind: pond: misuse: pond_slab_alloc: ... is no live slab: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    pond_slab_destroy(s);
    char *object = pond_slab_alloc(hidden(s));
    (void)object;
    return 0;
}
