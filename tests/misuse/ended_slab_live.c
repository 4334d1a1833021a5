/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A slab is destroyed while one of its objects is live. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    poke(object, 3);
    pond_slab_destroy(s);
    return 0;
}
