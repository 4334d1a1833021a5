/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pond ends, and a cleanup of it destroys the parent. */
/* release: pond: misuse: a cleanup of pond "request" (...) ended an ancestor of
 * it */
/* debug: pond: misuse: a cleanup of pond "request" (...) ended an ancestor of
 * it */
/* asan: pond: misuse: a cleanup of pond "request" (...) ended an ancestor of it
 */
/* valgrind: pond: misuse: a cleanup of pond "request" (...) ended an ancestor
 * of it */
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
    pond_destroy(request);
    return 0;
}
