/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object that was freed in a slab is read. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 40-byte region */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 40
 * free'd */
#include "crime.h"

int main(void)
{
    pond_slab *s = pond_slab_create(40, "job");
    char *object = pond_slab_alloc(s);
    pond_slab_free(s, object);
    peek(object, 3);
    pond_slab_destroy(s);
    return 0;
}
