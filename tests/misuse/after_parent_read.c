/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object is read whose pond ended with its parent. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
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
