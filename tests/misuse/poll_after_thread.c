/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: What memory_malloc gave is read after the end of its thread. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

static void *work(void *unused)
{
    (void)unused;
    return memory_malloc(40);
}

int main(void)
{
    pthread_t thread;
    void *object;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, &object);
    peek(object, 3);
    return 0;
}
