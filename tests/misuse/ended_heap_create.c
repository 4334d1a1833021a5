/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_create is given a pond that has ended. */
/* release: pond: misuse: pond_heap_create: the pond at ... has been ended */
/* debug: pond: misuse: pond_heap_create: ... is no live pond: it has ended:
 * pond "request" (...), allocated at ended_heap_create+..., ended at
 * ended_heap_create+... */
/* asan: pond: misuse: pond_heap_create: ... is no live pond: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 288-byte region */
/* valgrind: pond: misuse: pond_heap_create: ... is no live pond: nothing begins
 * there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    pond_heap *h = pond_heap_create(p);
    (void)h;
    return 0;
}
