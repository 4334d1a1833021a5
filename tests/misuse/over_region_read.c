/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is read behind an object of a pond. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-buffer-overflow | READ of size 1 | is located 0
 * bytes ... 40-byte region | allocated | in pond_alloc */
/* valgrind: Invalid read of size 1 | is 0 bytes after a block of size 40
 * alloc'd | pond_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    peek(object, 40);
    pond_destroy(p);
    return 0;
}
