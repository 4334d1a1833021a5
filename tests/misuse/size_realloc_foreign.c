/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_realloc is given an object of another pond. */
/* release: not seen: harmless: it is copied, and stays where it is */
/* debug: pond: misuse: pond_realloc: ... is no live object of pond "second": it
 * is the object of 40 bytes at ... of pond "first", allocated at
 * size_realloc_foreign+..., called at size_realloc_foreign+... */
/* asan: pond: misuse: pond_realloc: ... is no live object of pond "second": it
 * is the object of 40 bytes at ... of pond "first" */
/* valgrind: pond: misuse: pond_realloc: ... is no live object of pond "second":
 * it is the object of 40 bytes at ... of pond "first" */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    char *object = pond_alloc(a, 40);
    char *moved = pond_realloc(b, object, 40, 400);
    (void)moved;
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
