/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A large object that was freed in a heap is written to. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: later: pond: misuse: exit: the object of 100000 bytes at ... of heap
 * "request", allocated at after_heap_large_free_write+..., ended at
 * after_heap_large_free_write+..., was written to after it had ended, at byte 3
 */
/* asan: AddressSanitizer: heap-use-after-free | WRITE of size 1 | is located 3
 * bytes inside of 100000-byte region */
/* valgrind: Invalid write of size 1 | is 3 bytes inside a block of size 100,000
 * free'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    pond_heap_free(h, object);
    poke(object, 3);
    pond_destroy(p);
    return 0;
}
