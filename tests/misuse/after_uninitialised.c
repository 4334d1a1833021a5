/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: What was never written decides where the program goes. */
/* release: not seen: only Valgrind follows what was never written;
 * POND_DEBUG=poison makes it 0xa5 bytes */
/* debug: not seen: only Valgrind follows what was never written;
 * POND_DEBUG=poison makes it 0xa5 bytes */
/* asan: not seen: only Valgrind follows what was never written;
 * POND_DEBUG=poison makes it 0xa5 bytes */
/* valgrind: Conditional jump or move depends on uninitialised value(s) */
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
