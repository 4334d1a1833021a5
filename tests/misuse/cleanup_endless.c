/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup registers itself again, for ever. */
/* release: pond: misuse: more than 65536 cleanups or children were registered
 * in pond "request" (...) while it was being ended */
/* debug: pond: misuse: more than 65536 cleanups or children were registered in
 * pond "request" (...) while it was being ended */
/* asan: pond: misuse: more than 65536 cleanups or children were registered in
 * pond "request" (...) while it was being ended */
/* valgrind: pond: misuse: more than 65536 cleanups or children were registered
 * in pond "request" (...) while it was being ended */
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
