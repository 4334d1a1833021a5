/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a slab is forgotten, and the slab is destroyed. */
/* release: pond: slab "job" was destroyed with 1 objects of 48 bytes still
 * live; their memory stays */
/* debug: pond: slab "job" was destroyed with 1 objects of 48 bytes still live;
 * their memory stays */
/* asan: pond: slab "job" was destroyed with 1 objects of 48 bytes still live;
 * their memory stays | LeakSanitizer: detected memory leaks | in forget */
/* valgrind: pond: slab "job" was destroyed with 1 objects of 48 bytes still
 * live; their memory stays | definitely lost | forget */
#include "crime.h"

static __attribute__((noinline)) void forget(pond_slab *s)
{
    char *object = pond_slab_alloc(s);
    poke(object, 3);
}

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    forget(s);
    pond_slab_destroy(s);
    return 0;
}
