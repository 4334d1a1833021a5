/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was destroyed is written to. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: later: pond: misuse: exit: the object of 40 bytes at ... of pond
 * "request", allocated at after_destroy_write+..., ended at
 * after_destroy_write+..., was written to after it had ended, at byte 3 */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 1 | is located 3
 * bytes inside of 40-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 3 bytes inside a block of size 40
 * free'd | pond_alloc */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    pond_destroy(p);
    poke(object, 3);
    return 0;
}
