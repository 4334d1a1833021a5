/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: What was never written decides where the program goes. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    if (peek(object, 3) == 7)
        puts("seven");
    pond_destroy(p);
    return 0;
}
