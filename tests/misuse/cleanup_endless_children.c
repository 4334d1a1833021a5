/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup makes a child whose cleanup does the same. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void again(void *p)
{
    pond *child = pond_create(p, "child");
    pond_cleanup *c = pond_defer(child, again, p);
    (void)c;
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    again(p);
    pond_destroy(p);
    return 0;
}
