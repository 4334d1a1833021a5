/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A slab is destroyed twice. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    pond_slab_destroy(s);
    pond_slab_destroy(hidden(s));
    return 0;
}
