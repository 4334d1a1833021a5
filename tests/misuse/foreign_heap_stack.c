/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A variable on the stack is freed in a heap. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
