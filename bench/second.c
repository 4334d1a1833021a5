/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * second.c - the other thread of the workloads that need two. It is made once
 * and kept, so that no round pays for starting it, on a CPU of its own.
 */
#include "bench.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void (*job)(void *); /* NULL: there is nothing to do */
static void *job_arg;

static void *second_run(void *unused)
{
    (void)unused;
    if (!machine_pin(1))
        die("two CPUs are needed for this workload");
    pthread_mutex_lock(&lock);
    for (;;) {
        while (job == NULL)
            pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
        job(job_arg);
        pthread_mutex_lock(&lock);
        job = NULL;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

void second_start(void (*fn)(void *), void *arg)
{
    static bool running;
    pthread_t thread;

    if (!running && pthread_create(&thread, NULL, second_run, NULL) != 0)
        die("cannot start a second thread");
    running = true;
    pthread_mutex_lock(&lock);
    job = fn;
    job_arg = arg;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void second_wait(void)
{
    pthread_mutex_lock(&lock);
    while (job != NULL)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
