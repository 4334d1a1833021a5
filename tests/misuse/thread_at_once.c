/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: Two threads are in one tree of ponds at once. */
/* release: not seen: nobody counts; ThreadSanitizer finds what is a race */
/* debug: pond: misuse: pond_alloc: two threads are in the tree of pond
 * "request" (...) at once: thread ... in pond_cleanup_run, and this one, ... */
/* asan: pond: misuse: pond_alloc: two threads are in the tree of pond "request"
 * (...) at once: thread ... in pond_cleanup_run, and this one, ... */
/* valgrind: pond: misuse: pond_alloc: two threads are in the tree of pond
 * "request" (...) at once: thread ... in pond_cleanup_run, and this one, ... */
#include "crime.h"

static void *use(void *p)
{
    void *object = pond_alloc(p, 40);
    (void)object;
    return NULL;
}

static void start_another(void *p)
{
    pthread_t thread;
    pthread_create(&thread, NULL, use, p);
    pthread_join(thread, NULL);
}

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_cleanup_run(pond_defer(p, start_another, p));
    pond_destroy(p);
    return 0;
}
