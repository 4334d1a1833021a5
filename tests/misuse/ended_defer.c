/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_defer is given a pond that has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void nothing(void *unused)
{
    (void)unused;
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    pond_cleanup *c = pond_defer(p, nothing, NULL);
    (void)c;
    return 0;
}
