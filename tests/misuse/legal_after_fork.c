/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: Legal: the child of a fork uses and ends the pond of another thread.
 */
/* release: legal */
/* debug: legal */
/* asan: legal */
/* valgrind: legal */
#include "crime.h"

static pthread_barrier_t meet;
static pond *shared;

static void *other(void *unused)
{
    shared = pond_create(NULL, "worker");
    char *object = pond_alloc(shared, 40);
    poke(object, 39);
    pthread_barrier_wait(&meet); /* the other thread forks now */
    pthread_barrier_wait(&meet);
    pond_destroy(shared);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&meet, NULL, 2);
    pthread_create(&thread, NULL, other, NULL);
    pthread_barrier_wait(&meet);
    pid_t child = fork();
    if (child == 0) {
        char *object = pond_alloc(shared, 40);
        poke(object, 39);
        pond_destroy(shared);
        _exit(0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    pthread_barrier_wait(&meet);
    pthread_join(thread, NULL);
    return status != 0;
}
