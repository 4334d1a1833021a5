/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is told too large an old size of a large object. */
/* release: pond: misuse: pond_realloc: the object at ... of pond "request"
 * (...) does not have 200000 bytes */
/* debug: pond: misuse: pond_realloc: the object of 100000 bytes at ... of pond
 * "request", allocated at size_realloc_large+..., is said to have 200000,
 * noticed at size_realloc_large+... */
/* asan: pond: misuse: pond_realloc: the object of 100000 bytes at ... of pond
 * "request", is said to have 200000 */
/* valgrind: pond: misuse: pond_realloc: the object of 100000 bytes at ... of
 * pond "request", is said to have 200000 */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 100000);
    char *moved = pond_realloc(p, object, 200000, 300000);
    (void)moved;
    pond_destroy(p);
    return 0;
}
