/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rivals.c - the table of allocators. Those of libraries that may be missing
 * are weak: the build then leaves their file out, and they are listed as not
 * installed.
 */
#include "rivals.h"

#include <string.h>

extern const struct rival rival_floor, rival_floor_register, rival_pond,
    rival_pond_child, rival_memory_poll, rival_obstack, rival_malloc,
    rival_mimalloc_heap;
extern const struct rival rival_apr __attribute__((weak));
extern const struct rival rival_apr_child __attribute__((weak));
extern const struct rival rival_talloc __attribute__((weak));
extern const struct rival rival_talloc_pool __attribute__((weak));
extern const struct rival rival_boost __attribute__((weak));

const struct candidate candidates[] = {
    {"floor", &rival_floor, NULL, NULL},
    {"floor-register", &rival_floor_register, NULL, NULL},
    {"pond", &rival_pond, NULL, NULL},
    {"pond-child", &rival_pond_child, NULL, NULL},
    {"memory_poll", &rival_memory_poll, NULL, NULL},
    {"apr", &rival_apr, NULL, "libapr1-dev"},
    {"apr-child", &rival_apr_child, NULL, "libapr1-dev"},
    {"obstack", &rival_obstack, NULL, NULL},
    {"talloc", &rival_talloc, NULL, "libtalloc-dev"},
    {"talloc-pool", &rival_talloc_pool, NULL, "libtalloc-dev"},
    {"boost", &rival_boost, NULL, "libboost-dev and g++"},
    {"glibc", &rival_malloc, "", NULL},
    {"jemalloc", &rival_malloc, "libjemalloc.so.2", "libjemalloc2"},
    {"mimalloc", &rival_malloc, "libmimalloc.so.2", "libmimalloc2.0"},
    {"mimalloc-heap", &rival_mimalloc_heap, "libmimalloc.so.2",
     "libmimalloc2.0"},
    {"tcmalloc", &rival_malloc, "libtcmalloc_minimal.so.4",
     "libtcmalloc-minimal4"},
};

const size_t candidates_length = sizeof(candidates) / sizeof(candidates[0]);

const struct candidate *candidate_find(const char *name)
{
    for (size_t i = 0; i < candidates_length; i++)
        if (strcmp(candidates[i].name, name) == 0)
            return &candidates[i];
    return NULL;
}

const struct round *candidate_round(const struct candidate *c,
                                    const char *workload)
{
    size_t lists = sizeof(c->rival->rounds) / sizeof(c->rival->rounds[0]);

    if (c->rival == NULL)
        return NULL;
    for (size_t i = 0; i < lists && c->rival->rounds[i] != NULL; i++)
        for (const struct round *r = c->rival->rounds[i]; r->workload; r++)
            if (strcmp(r->workload, workload) == 0)
                return r;
    return NULL;
}
