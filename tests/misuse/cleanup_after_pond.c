/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A cleanup is cancelled after the end of its pond. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: pond: misuse: pond_cleanup_cancel: ... is no live cleanup: it has
 * ended: cleanup "request" (...), allocated at cleanup_after_pond+..., ended at
 * cleanup_after_pond+... */
/* asan: pond: misuse: pond_cleanup_cancel: ... is no live cleanup: nothing
 * begins there, or not any more | AddressSanitizer: heap-use-after-free | is
 * located 16 bytes inside of 72-byte region | allocated | in pond_defer */
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
    pond_destroy(p);
    pond_cleanup_cancel(hidden(c));
    return 0;
}
