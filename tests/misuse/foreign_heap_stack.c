/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a heap. */
/* release: pond: misuse: pond_heap_free: ... is no object of the heap at ... in
 * pond "request", or was freed already */
/* debug: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or it ended long ago, called at foreign_heap_stack+...
 */
/* asan: pond: misuse: pond_heap_free: ... is no live object of heap "request":
 * nothing begins there, or not any more */
/* valgrind: pond: misuse: pond_heap_free: ... is no live object of heap
 * "request": nothing begins there, or not any more */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    char local[64] = {0};
    pond_heap_free(h, hidden(local + 32));
    pond_destroy(p);
    return 0;
}
