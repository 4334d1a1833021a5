/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written behind a large object of a heap. */
/* release: not seen: it stays among the objects of its pond or pool, or in room
 * that nobody uses */
/* debug: later: pond: misuse: pond_heap_free: the object of 100000 bytes at ...
 * of heap "request", allocated at over_heap_large_100+..., was written to
 * behind its end, at byte 100000, noticed at over_heap_large_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 100000-byte region */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 100,000
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 100000);
    spill(object, 100000, 100);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
