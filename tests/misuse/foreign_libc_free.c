/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond is given to free(). */
/* release: crash: the C library says: free(): invalid pointer */
/* debug: crash: the C library takes a red zone for a block of its own */
/* asan: AddressSanitizer: attempting double-free | is located 0 bytes inside of
 * 40-byte region | allocated | in pond_alloc */
/* valgrind: Invalid free() / delete / delete[] / realloc() | is 0 bytes inside
 * a block of size 40 free'd | pond_alloc */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    free(hidden(object));
    pond_destroy(p);
    return 0;
}
