/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a slab is freed in a heap. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_heap_free(h, object);
    pond_slab_free(s, object);
    pond_slab_destroy(s);
    pond_destroy(p);
    return 0;
}
