/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of one slab is freed in another. */
/* release: later: pond: misuse: pond_slab_free: ... is no object of the slab
 * "task", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "task": it
 * is the object of 40 bytes at ... of slab "job", allocated at wrong_slab+...,
 * called at wrong_slab+... */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "task": it
 * is the object of 40 bytes at ... of slab "job" */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "task":
 * it is the object of 40 bytes at ... of slab "job" */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    pond_slab *other = pond_slab_create(40, "task");
    char *object = pond_slab_alloc(s);
    pond_slab_free(other, object);
    pond_slab_destroy(other);
    pond_slab_destroy(s);
    return 0;
}
