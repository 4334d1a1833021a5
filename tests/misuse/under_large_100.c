/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object with a block of its own. */
/* release: later: pond: misuse: the head at ... of a block of pond "request"
 * (...) was overwritten */
/* debug: later: pond: misuse: pond_destroy: the object of 100000 bytes at ...
 * of pond "request", allocated at under_large_100+..., was written to before
 * its start, at byte -100, noticed at under_large_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 100000-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 100,000
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 100000);
    spill_before(object, 100);
    pond_destroy(p);
    return 0;
}
