/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a slab. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char local[64] = {0};
    pond_slab_free(s, hidden(local));
    pond_slab_destroy(s);
    return 0;
}
