/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object that was freed in a fixed pool is written to. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: later: pond: misuse: exit: the object of 40 bytes at ... of fixed pool
 * "request", allocated at after_fixed_free_write+..., ended at
 * after_fixed_free_write+..., was written to after it had ended, at byte 3 */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 1 | is located 3
 * bytes inside of 40-byte region | freed by | in pond_fixed_free | allocated |
 * in pond_fixed_alloc */
/* valgrind: Invalid write of size 1 | is 3 bytes inside a block of size 40
 * free'd | pond_fixed_free | pond_fixed_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    pond_fixed_free(f, object);
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
