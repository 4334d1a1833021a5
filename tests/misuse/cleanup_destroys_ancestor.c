/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup destroys the parent of its pond, which is ending. */
/* release: pond: misuse: pond_destroy: pond "connection" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* debug: pond: misuse: pond_destroy: pond "connection" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* asan: pond: misuse: pond_destroy: pond "connection" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* valgrind: pond: misuse: pond_destroy: pond "connection" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
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
