/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of malloc is freed in a slab. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
