/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup resets its own pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void reset(void *p)
{
    pond_reset(p);
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_cleanup *c = pond_defer(p, reset, p);
    (void)c;
    pond_destroy(p);
    return 0;
}
