/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: Legal: a mark of another pond, and a stale one, are refused. */
/* release: legal */
/* debug: legal */
/* asan: legal */
/* valgrind: legal */
#include "crime.h"

int main(void)
{
    pond *a = pond_create(NULL, "first");
    pond *b = pond_create(NULL, "second");
    pond_mark mark = pond_mark_take(a);
    if (pond_rewind(b, mark) == 0)
        return 1;
    pond_reset(a);
    if (pond_rewind(a, mark) == 0)
        return 1;
    pond_destroy(a);
    pond_destroy(b);
    return 0;
}
