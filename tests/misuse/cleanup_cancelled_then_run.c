/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup is run after it was cancelled. */
/* release: not seen: harmless until another pond_defer uses the node again */
/* debug: pond: misuse: pond_cleanup_run: ... is no live cleanup: it has ended:
 * cleanup "request" (...), allocated at cleanup_cancelled_then_run+..., ended
 * at cleanup_cancelled_then_run+... */
/* asan: pond: misuse: pond_cleanup_run: ... is no live cleanup: nothing begins
 * there, or not any more | AddressSanitizer: heap-use-after-free | is located
 * 16 bytes inside of 72-byte region | freed by | in pond_cleanup_cancel |
 * allocated | in pond_defer */
/* valgrind: pond: misuse: pond_cleanup_run: ... is no live cleanup: nothing
 * begins there, or not any more */
#include "crime.h"

static void nothing(void *unused)
{
    (void)unused;
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_cleanup *c = pond_defer(p, nothing, NULL);
    pond_cleanup_cancel(c);
    pond_cleanup_run(hidden(c));
    pond_destroy(p);
    return 0;
}
