/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MEMORY_POLL_H
#define MEMORY_POLL_H
/*
 * memory_poll.h - the interface of the blog post that Pond began with, in its
 * own spelling: one pool, filled piece by piece, freed as a whole.
 *
 *     memory_poll_init();
 *     for (int i = 0; i < 5000; i++)
 *         p = memory_malloc(1000);
 *     memory_poll_free();
 *
 * Each thread has a current pool of its own; threads need not know of each
 * other. New programs are better off with <pond/pond.h>, whose pools are
 * values: one per connection, one per request.
 */
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MEMORY_POLL_API __attribute__((visibility("default")))
#else
#define MEMORY_POLL_API
#endif

/* Begin this thread's pool; one that is still there is freed first.
 * Without memory the pool is begun by the next memory_malloc instead. */
MEMORY_POLL_API void memory_poll_init(void);

/* size bytes, 16-byte aligned; begins a pool if there is none. NULL when out
 * of memory. */
MEMORY_POLL_API void *memory_malloc(size_t size);

/* Free all that this thread's pool holds, and the pool. Without one it does
 * nothing. A pool still there when its thread exits is freed then. */
MEMORY_POLL_API void memory_poll_free(void);

#ifdef __cplusplus
}
#endif
#endif
