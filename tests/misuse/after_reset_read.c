/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object whose pond was reset is read. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 40-byte region | freed by | in pond_reset | allocated | in
 * pond_alloc */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 40
 * free'd | pond_reset | pond_alloc */
/* also: shared clang clang-shared */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    pond_reset(p);
    peek(object, 3);
    pond_destroy(p);
    return 0;
}
