/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a fixed pool is read after the end of its pond. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 40-byte region | allocated | in pond_fixed_alloc */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 40
 * free'd | pond_fixed_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_fixed *f = pond_fixed_create(p, 40);
    char *object = pond_fixed_alloc(f);
    pond_destroy(p);
    peek(object, 3);
    return 0;
}
