/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup destroys the parent of its pond, which is ending. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void destroy(void *p)
{
    pond_destroy(p);
}

int main(void)
{
    pond *connection = pond_create(NULL, "connection");
    pond *request = pond_create(connection, "request");
    pond_cleanup *c = pond_defer(request, destroy, connection);
    (void)c;
    pond_destroy(connection);
    return 0;
}
