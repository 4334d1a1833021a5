/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is used although its mark was refused after a rewind. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_mark older = pond_mark_take(p);
    char *first = pond_alloc(p, 40);
    pond_mark younger = pond_mark_take(p);
    pond_rewind(p, older);
    if (pond_rewind(p, younger) == 0)
        return 1;
    poke(first, 3);
    pond_destroy(p);
    return 0;
}
