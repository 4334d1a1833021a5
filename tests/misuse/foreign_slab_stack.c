/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a slab. */
/* release: later: pond: misuse: pond_slab_free: ... is no object of the slab
 * "job", or was freed already */
/* debug: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or it ended long ago, called at foreign_slab_stack+...
 */
/* asan: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_slab_free: ... is no live object of slab "job":
 * nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char local[64] = {0};
    pond_slab_free(s, hidden(local));
    pond_slab_destroy(s);
    return 0;
}
