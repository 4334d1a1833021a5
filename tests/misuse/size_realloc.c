/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is told a wrong old size. */
/* release: not seen: the size is believed, and so much is copied */
/* debug: pond: misuse: pond_realloc: the object of 40 bytes at ... of pond
 * "request", allocated at size_realloc+..., is said to have 80, noticed at
 * size_realloc+... */
/* asan: pond: misuse: pond_realloc: the object of 40 bytes at ... of pond
 * "request", is said to have 80 */
/* valgrind: pond: misuse: pond_realloc: the object of 40 bytes at ... of pond
 * "request", is said to have 80 */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    char *moved = pond_realloc(p, object, 80, 400);
    (void)moved;
    pond_destroy(p);
    return 0;
}
