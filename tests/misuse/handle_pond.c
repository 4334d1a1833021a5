/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The handle of a pond is overwritten. */
/* release: later: pond: misuse: pond_alloc: ... is not a pond, or its handle
 * was overwritten */
/* debug: later: pond: misuse: pond_alloc: ... is no live pond: it was
 * overwritten: pond "request" (...), allocated at handle_pond+... */
/* asan: later: pond: misuse: pond_alloc: ... is no live pond: it was
 * overwritten: pond "request" (...) */
/* valgrind: later: pond: misuse: pond_alloc: ... is no live pond: it was
 * overwritten: pond "request" (...) */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    memset(hidden(p), 'x', 64);
    char *object = pond_alloc(p, 40);
    (void)object;
    pond_destroy(p);
    return 0;
}
