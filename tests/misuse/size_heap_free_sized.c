/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: pond_heap_free_sized is told a wrong size. */
/* release: not seen: harmless: the size is not needed */
/* debug: pond: misuse: pond_heap_free_sized: the object of 40 bytes at ... of
 * heap "request", allocated at size_heap_free_sized+..., is said to have 48,
 * noticed at size_heap_free_sized+... */
/* asan: pond: misuse: pond_heap_free_sized: the object of 40 bytes at ... of
 * heap "request", is said to have 48 */
/* valgrind: pond: misuse: pond_heap_free_sized: the object of 40 bytes at ...
 * of heap "request", is said to have 48 */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free_sized(h, object, 48);
    pond_destroy(p);
    return 0;
}
