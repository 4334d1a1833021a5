/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A root pond is forgotten. */
/* release: not seen: what is never ended is never looked at;
 * pond_process_usage_get counts live ponds, pond_visit names them */
/* debug: not seen: what is never ended is never looked at;
 * pond_process_usage_get counts live ponds, pond_visit names them */
/* asan: LeakSanitizer: detected memory leaks | in forget */
/* valgrind: definitely lost | : forget */
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
