/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object that was freed in a slab is written to. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: later: pond: misuse: exit: the object of 40 bytes at ... of slab
 * "job", allocated at after_slab_free_write+..., ended at
 * after_slab_free_write+..., was written to after it had ended, at byte 3 */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 1 | is located 3
 * bytes inside of 40-byte region */
/* valgrind: Invalid write of size 1 | is 3 bytes inside a block of size 40
 * free'd */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, object);
    poke(object, 3);
    pond_slab_destroy(s);
    return 0;
}
