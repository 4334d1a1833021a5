/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A root pond is forgotten. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
/* also: shared clang clang-shared */
#include "crime.h"

static __attribute__((noinline)) void forget(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    poke(object, 3);
}

int main(void)
{
    forget();
    return 0;
}
