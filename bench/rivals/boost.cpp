/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boost - boost::pool, C++'s best-known pool of objects of one size, as it is:
 * inlined, unordered, its blocks from new. It never gives one back.
 */
#include "../objects.h"

#include <boost/pool/pool.hpp>
#include <boost/version.hpp>

typedef boost::pool<> store;

static store *store_begin(size_t size)
{
    return new store(size);
}

static inline void *store_alloc(store *s, size_t size)
{
    (void)size;
    return s->malloc();
}

static inline void store_free(store *s, void *object)
{
    s->free(object);
}

#include "../workloads/shuffled.h"

#include "../workloads/replaced.h"

static const struct round rounds[] = {
    ROUND_TIMED("fixed-shuffled", shuffled),
    ROUND_TIMED("fixed-replaced", replaced),
    ROUND_TIMED("slab-shuffled", shuffled),
    ROUND_TIMED("slab-replaced", replaced),
    ROUND_END,
};

static const char *version(void)
{
    return BOOST_LIB_VERSION;
}

extern "C" {
extern const struct rival rival_boost;
const struct rival rival_boost = {
    version,
    NULL,
    {rounds},
    "boost::pool<>, malloc and free, not thread-safe",
};
}
