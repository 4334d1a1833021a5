/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond is freed in a slab. */
/* release: later: pond: misuse: pond_slab_free: ... is no object of the slab
 * "job", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is the object of 40 bytes at ... of pond "request", allocated at
 * wrong_region_to_slab+..., called at wrong_region_to_slab+... */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job": it
 * is the object of 40 bytes at ... of pond "request" */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * it is the object of 40 bytes at ... of pond "request" */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_alloc(p, 40);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    pond_destroy(p);
    return 0;
}
