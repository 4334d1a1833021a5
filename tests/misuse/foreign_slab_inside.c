/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object is freed in a slab. */
/* release: later: pond: misuse: pond_slab_free: ... is no object of the slab
 * "job", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is 16 bytes into the object of 40 bytes at ... of slab "job", allocated at
 * foreign_slab_inside+..., called at foreign_slab_inside+... */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is 16 bytes into the object of 40 bytes at ... of slab "job" */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * it is 16 bytes into the object of 40 bytes at ... of slab "job" */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, hidden(object + 16));
    pond_slab_destroy(s);
    return 0;
}
