/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is used although its mark was refused after a reset. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: later: pond: misuse: exit: the object of 40 bytes at ... of pond
 * "request", allocated at mark_stale_reset+..., ended at mark_stale_reset+...,
 * was written to after it had ended, at byte 3 */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 1 | is located 3
 * bytes inside of 40-byte region | freed by | in pond_reset | allocated | in
 * pond_alloc */
/* valgrind: Invalid write of size 1 | is 3 bytes inside a block of size 40
 * free'd | pond_reset | pond_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_mark mark = pond_mark_take(p);
    char *object = pond_alloc(p, 40);
    pond_reset(p);
    if (pond_rewind(p, mark) == 0)
        return 1;
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
