/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: Legal: a pond is used by a second thread after pond_hand_over. */
/* release: legal */
/* debug: legal */
/* asan: legal */
/* valgrind: legal */
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
    pond_hand_over(p);
    pthread_t thread;
    pthread_create(&thread, NULL, end, p);
    pthread_join(thread, NULL);
    return 0;
}
