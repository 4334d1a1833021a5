/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: One of many objects of a fixed pool is freed twice. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 1000);
    char *object[500];
    for (int i = 0; i < 500; i++)
        object[i] = pond_fixed_alloc(f);
    for (int i = 0; i < 400; i++)
        pond_fixed_free(f, object[i]);
    pond_fixed_free(f, hidden(object[100]));
    for (int i = 400; i < 500; i++)
        pond_fixed_free(f, object[i]);
    pond_destroy(p);
    return 0;
}
