/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: The handle of a heap is overwritten. */
/* release: crash: it follows what stands in the handle */
/* debug: crash: it follows what stands in the handle */
/* asan: AddressSanitizer: SEGV | in pond_heap_alloc */
/* valgrind: crash: it follows what stands in the handle */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_heap *h = pond_heap_create(p);
    memset(hidden(h), 'x', 64);
    char *object = pond_heap_alloc(h, 40);
    pond_heap_free(h, object);
    pond_destroy(p);
    return 0;
}
