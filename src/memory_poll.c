/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory_poll.c - above all layers: the post's three functions, in terms of
 * the public interface alone. One current pond per thread.
 */
#include "memory_poll.h"

#include "pond/pond.h"

#include <pthread.h>

static __thread pond *current __attribute__((tls_model("initial-exec")));
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;

static void end_of_thread(void *unused)
{
    (void)unused;
    memory_poll_free();
}

static void set_up(void)
{
    key_made = pthread_key_create(&key, end_of_thread) == 0;
}

void memory_poll_init(void)
{
    memory_poll_free();
    pthread_once(&once, set_up);
    current = pond_create(NULL, "memory_poll");
    if (current && key_made) /* else it is the program's to free */
        (void)pthread_setspecific(key, current);
}

void *memory_malloc(size_t size)
{
    if (__builtin_expect(current == NULL, 0))
        memory_poll_init();
    return current ? pond_alloc(current, size) : NULL;
}

void memory_poll_free(void)
{
    pond *ended = current;
    current = NULL;
    pond_destroy(ended);
}
