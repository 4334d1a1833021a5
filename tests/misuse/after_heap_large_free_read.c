/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object that was freed in a heap is read. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 100000-byte region */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 100,000
 * free'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(h, object);
    peek(object, 3);
    pond_destroy(p);
    return 0;
}
