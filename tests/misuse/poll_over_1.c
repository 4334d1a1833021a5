/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind what memory_malloc gave. */
/* release: not seen: it stays within the 16 bytes that sizes are rounded up to,
 * or within a block of its own */
/* debug: later: pond: misuse: pond_destroy: the object of 40 bytes at ... of
 * pond "memory_poll", allocated at poll_over_1+..., was written to behind its
 * end, at byte 40, noticed at poll_over_1+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 40-byte region */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 40
 * alloc'd */
#include "crime.h"

int main(void)
{
    memory_poll_init();
    char *object = memory_malloc(40);
    spill(object, 40, 1);
    memory_poll_free();
    return 0;
}
