/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_limit is given a pond that has ended. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_destroy(p);
    p = hidden(p);
    pond_limit(p, 1000);
    return 0;
}
