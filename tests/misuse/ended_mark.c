/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_mark_take is given a pond that has ended. */
/* release: pond: misuse: pond_mark_take: the pond at ... has been ended */
/* debug: pond: misuse: pond_mark_take: ... is no live pond: it has ended: pond
 * "request" (...), allocated at ended_mark+..., ended at ended_mark+... */
/* asan: pond: misuse: pond_mark_take: ... is no live pond: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 288-byte region */
/* valgrind: pond: misuse: pond_mark_take: ... is no live pond: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    pond_mark mark = pond_mark_take(p);
    (void)mark;
    return 0;
}
