/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is read whose pond ended with its parent. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 12-byte region | allocated | in pond_strdup */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 12
 * free'd | pond_strdup */
#include "crime.h"

int main(void)
{
    pond *connection = pond_create(NULL, "connection");
    pond *request = pond_create(connection, "request");
    char *object = pond_strdup(request, "/index.html");
    pond_destroy(connection);
    peek(object, 3);
    return 0;
}
