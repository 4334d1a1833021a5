/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup destroys its own pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void destroy(void *p)
{
    pond_destroy(p);
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_cleanup *c = pond_defer(p, destroy, p);
    (void)c;
    pond_destroy(p);
    return 0;
}
