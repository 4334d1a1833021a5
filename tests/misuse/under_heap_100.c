/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: 100 bytes are written before an object of a heap. */
/* release: later: pond: misuse: pond_heap_free: ... is no object of the heap at
 * ... in pond "request", or was freed already */
/* debug: later: pond: misuse: pond_heap_free: the object of 40 bytes at ... of
 * heap "request", allocated at under_heap_100+..., was written to before its
 * start, at byte -100, noticed at under_heap_100+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 1
 * bytes ... 40-byte region */
/* valgrind: Invalid write of size 1 | is 1 bytes before a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *next = pond_heap_alloc(h, 40);
    char *object = pond_heap_alloc(h, 40);
    spill_before(object, 100);
    pond_heap_free(h, object);
    pond_heap_free(h, next);
    pond_destroy(p);
    return 0;
}
