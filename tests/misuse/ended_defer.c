/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_defer is given a pond that has ended. */
/* release: pond: misuse: pond_defer: the pond at ... has been ended */
/* debug: pond: misuse: pond_defer: ... is no live pond: it has ended: pond
 * "request" (...), allocated at ended_defer+..., ended at ended_defer+... */
/* asan: pond: misuse: pond_defer: ... is no live pond: nothing begins there, or
 * not any more | AddressSanitizer: heap-use-after-free | is located 16 bytes
 * inside of 288-byte region */
/* valgrind: pond: misuse: pond_defer: ... is no live pond: nothing begins
 * there, or not any more */
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
