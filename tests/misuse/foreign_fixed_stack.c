/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a fixed pool. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    char local[64] = {0};
    pond_fixed_free(f, hidden(local));
    (void)object;
    pond_destroy(p);
    return 0;
}
