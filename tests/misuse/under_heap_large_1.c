/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written before a large object of a heap. */
/* release: later: pond: misuse: pond_heap_free: ... is no object of the heap at
 * ... in pond "request", or was freed already */
/* debug: later: pond: misuse: pond_heap_free: the object of 100000 bytes at ...
 * of heap "request", allocated at under_heap_large_1+..., was written to before
 * its start, at byte -1, noticed at under_heap_large_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 100000-byte region */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 100,000
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    spill_before(object, 1);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
