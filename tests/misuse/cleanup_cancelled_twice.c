/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup is cancelled twice. */
/* release: not seen: harmless until another pond_defer uses the node again */
/* debug: pond: misuse: pond_cleanup_cancel: ... is no live cleanup: it has
 * ended: cleanup "request" (...), allocated at cleanup_cancelled_twice+...,
 * ended at cleanup_cancelled_twice+... */
/* asan: pond: misuse: pond_cleanup_cancel: ... is no live cleanup: nothing
 * begins there, or not any more | AddressSanitizer: heap-use-after-free | is
 * located 16 bytes inside of 72-byte region | freed by | in pond_cleanup_cancel
 * | allocated | in pond_defer */
/* valgrind: pond: misuse: pond_cleanup_cancel: ... is no live cleanup: nothing
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
    pond_cleanup_cancel(hidden(c));
    pond_destroy(p);
    return 0;
}
