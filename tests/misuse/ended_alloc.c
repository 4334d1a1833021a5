/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_alloc is given a pond that has ended. */
/* release: pond: misuse: pond_alloc: the pond at ... has been ended */
/* debug: pond: misuse: pond_alloc: ... is no live pond: it has ended: pond
 * "request" (...), allocated at ended_alloc+..., ended at ended_alloc+... */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 8 | is located 16
 * bytes inside of 288-byte region */
/* valgrind: pond: misuse: pond_alloc: ... is no live pond: nothing begins
 * there, or not any more */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    char *object = pond_alloc(p, 40);
    (void)object;
    return 0;
}
