/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of one slab is freed in another. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
