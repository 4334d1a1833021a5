/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of malloc is freed in a slab. */
/* release: crash: it looks into the 64 KiB or 2 MiB around the pointer, where
 * there may be nothing OR pond: misuse: pond_slab_free: ... is no object of the
 * slab "job", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or it ended long ago, called at foreign_slab_malloc+...
 */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = malloc(40);
    pond_slab_free(s, hidden(object));
    free(object);
    pond_slab_destroy(s);
    return 0;
}
