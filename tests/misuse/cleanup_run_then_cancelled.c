/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup is cancelled after it was run. */
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
    pond_cleanup *c = pond_defer(p, nothing, NULL);
    pond_cleanup_run(c);
    pond_cleanup_cancel(hidden(c));
    pond_destroy(p);
    return 0;
}
