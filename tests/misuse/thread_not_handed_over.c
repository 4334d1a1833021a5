/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A pond is used by a second thread without pond_hand_over. */
/* release: not seen: harmless: blocks have no owner */
/* debug: pond: misuse: pond_destroy: pond "request" (...) belongs to thread
 * ..., which did not hand it over (pond_hand_over); this is thread ... */
/* asan: not seen: only POND_DEBUG=owner looks, there as well */
/* valgrind: not seen: only POND_DEBUG=owner looks, there as well */
#include "crime.h"

static void *end(void *p)
{
    pond_destroy(p);
    return NULL;
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    char *object = pond_alloc(p, 40);
    (void)object;
    pthread_t thread;
    pthread_create(&thread, NULL, end, p);
    pthread_join(thread, NULL);
    return 0;
}
