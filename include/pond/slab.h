/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_SLAB_H
#define POND_SLAB_H
/*
 * slab.h - objects of one size for all threads of the process.
 *
 *     static pond_slab *jobs;                 // made once, by anyone
 *     jobs = pond_slab_create(sizeof(struct job), "job");
 *     struct job *j = pond_slab_alloc(jobs);  // on the thread that accepts
 *     pond_slab_free(jobs, j);                // on the one that has done it
 *
 * A slab lives in no pond; it is for objects that travel between threads or
 * outlive every pond. Each thread keeps two arrays of free objects a slab (its
 * magazines) and trades them with the others a whole array at a time.
 *
 * What holds for pond.h holds here: sizes, errors (NULL), signals. All of this
 * may be called by any thread, pond_slab_destroy when no other uses the slab.
 */
#include <pond/pond.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pond_slab pond_slab;

/*
 * pond_slab_create - make a slab for objects of object_size bytes.
 * Objects are aligned to 16 bytes, or to the largest power of two up to 4096
 * that divides object_size rounded up to 16.
 * name     for messages; copied, 63 bytes of it; NULL stands for "slab"
 * Returns  NULL when out of memory.
 */
POND_API POND_MUST_USE pond_slab *pond_slab_create(size_t object_size,
                                                   const char *name);

/*
 * pond_slab_alloc - an object, uninitialised; NULL when out of memory.
 * pond_slab_free  - give it back, on any thread; NULL does nothing.
 * Cost: some 15 instructions; a lock per magazine (4 to 123 objects). Objects
 * over 8 KiB are blocks of the block source, which has caches of its own.
 */
POND_API POND_MALLOC void *pond_slab_alloc(pond_slab *s);
POND_API void pond_slab_free(pond_slab *s, void *object);

/*
 * The objects that are handed out. Exact when no other thread uses the slab
 * meanwhile. Cost: a look at each thread.
 */
POND_API size_t pond_slab_live(pond_slab *s);

/*
 * pond_slab_destroy - end a slab; NULL does nothing. All its objects should
 * have been freed: if some have not, it says how many in a line on standard
 * error, and their memory stays, for somebody may still use it.
 */
POND_API void pond_slab_destroy(pond_slab *s);

#ifdef __cplusplus
}
#endif
#endif
