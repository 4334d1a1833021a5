/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The head of a later block is overwritten. */
/* release: later: pond: misuse: the head at ... of a block of pond "request"
 * (...) was overwritten */
/* debug: later: pond: misuse: pond_destroy: the object of 9000 bytes at ... of
 * pond "request", allocated at handle_block_head+..., was written to before its
 * start, at byte -48, noticed at handle_block_head+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 9000-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 9,000
 * alloc'd | pond_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *first = pond_alloc(p, 4000);
    char *object = pond_alloc(p, 9000);
    spill_before(object, 48);
    (void)first;
    pond_destroy(p);
    return 0;
}
