/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is used although its mark was refused after a reset. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_mark mark = pond_mark_take(p);
    char *object = pond_alloc(p, 40);
    pond_reset(p);
    if (pond_rewind(p, mark) == 0)
        return 1;
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
