/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An overflow reaches the handle of the next pond. */
/* release: later: pond: misuse: pond_reset: ... is not a pond, or its handle
 * was overwritten */
/* debug: later: pond: misuse: pond_destroy: the object of 240 bytes at ... of
 * pond "first", allocated at handle_next_pond+..., was written to behind its
 * end, at byte 240, noticed at handle_next_pond+... */
/* asan: AddressSanitizer: heap-buffer-overflow | WRITE of size 1 | is located 0
 * bytes ... 240-byte region | allocated | in pond_alloc */
/* valgrind: Invalid write of size 1 | is 0 bytes after a block of size 240
 * alloc'd | pond_alloc */
#include "crime.h"

int main(void)
{
    pond_options small = {.size = sizeof small, .first_block_bytes = 512};
    pond *a = pond_create_with(NULL, "first", &small);
    pond *b = pond_create_with(NULL, "second", &small);
    char *object = pond_alloc(a, 240);
    spill(object, 240, 100);
    pond_reset(b);
    pond_destroy(b);
    pond_destroy(a);
    return 0;
}
