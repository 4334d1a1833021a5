/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup registers itself again, for ever. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void again(void *p)
{
    pond_cleanup *c = pond_defer(p, again, p);
    (void)c;
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    again(p);
    pond_destroy(p);
    return 0;
}
