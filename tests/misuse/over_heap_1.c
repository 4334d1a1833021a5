/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind an object of a heap. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_heap_free: the object of 40 bytes at ... of
 * heap "request", allocated at over_heap_1+..., was written to behind its end,
 * at byte 40, noticed at over_heap_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 40-byte region */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    char *next = pond_heap_alloc(h, 40);
    spill(object, 40, 1);
    pond_heap_free(h, object);
    pond_heap_free(h, next);
    pond_destroy(p);
    return 0;
}
