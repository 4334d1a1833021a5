/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pointer into an object is freed in a slab. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, hidden(object + 16));
    pond_slab_destroy(s);
    return 0;
}
