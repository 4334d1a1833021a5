/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pond_fixed - objects of one size from a pool in a pond of its own.
 */
#include "../objects.h"
#include "pond_objects.h"

#include <pond/fixed.h>

typedef pond_fixed store;

static store *store_begin(size_t size)
{
    pond *p = must(pond_create(NULL, "fixed"));
    return must(pond_fixed_create(p, size));
}

static inline void *store_alloc(store *s, size_t size)
{
    (void)size;
    return pond_fixed_alloc(s);
}

static inline void store_free(store *s, void *object)
{
    pond_fixed_free(s, object);
}

#include "../workloads/shuffled.h"

#include "../workloads/replaced.h"

#include "../workloads/million.h"

const struct round pond_fixed_rounds[] = {
    ROUND_TIMED("fixed-shuffled", shuffled),
    ROUND_TIMED("fixed-replaced", replaced),
    ROUND_PROGRAM("fixed-million", million_run),
    ROUND_END,
};
