/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object that was freed in a slab is written to. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, object);
    poke(object, 3);
    pond_slab_destroy(s);
    return 0;
}
