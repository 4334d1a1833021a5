/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An ended pond is used whose place another pond has by now. */
/* release: not seen: another pond has the very handle by now */
/* debug: pond: misuse: pond_alloc: ... is no live pond: it has ended: pond
 * "request" (...), allocated at ended_reused+..., ended at ended_reused+... */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 8 | is located 16
 * bytes inside of 288-byte region */
/* valgrind: pond: misuse: pond_alloc: ... is no live pond: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    pond *next = pond_create(NULL, "request");
    char *object = pond_alloc(hidden(p), 40);
    (void)object;
    pond_destroy(next);
    return 0;
}
