/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_slab_alloc is given a slab that was destroyed. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    pond_slab_destroy(s);
    char *object = pond_slab_alloc(hidden(s));
    (void)object;
    return 0;
}
