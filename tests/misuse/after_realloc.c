/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The old place of an object is read after pond_realloc. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    char *between = pond_alloc(p, 40);
    char *moved = pond_realloc(p, object, 40, 400);
    peek(object, 3);
    (void)between;
    (void)moved;
    pond_destroy(p);
    return 0;
}
