/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup destroys its own pond. */
/* release: pond: misuse: pond_destroy: pond "request" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* debug: pond: misuse: pond_destroy: pond "request" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* asan: pond: misuse: pond_destroy: pond "request" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
/* valgrind: pond: misuse: pond_destroy: pond "request" (...) is being ended
 * already, and one of its cleanups or of its descendants' ends it again */
#include "crime.h"

static void destroy(void *p)
{
    pond_destroy(p);
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_cleanup *c = pond_defer(p, destroy, p);
    (void)c;
    pond_destroy(p);
    return 0;
}
