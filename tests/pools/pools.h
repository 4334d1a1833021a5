/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_POOLS_H
#define POND_TEST_POOLS_H
/*
 * pools.h - a simple reference for fixed pools and heaps in a tree of ponds:
 * what lives, of which pool, and what it contains. test_pools.c does the same
 * random steps to both and compares; so do the fuzzers, by their bytes.
 *
 *     pools_ops.c    one operation, done to a pool and to the reference
 *     pools_steps.c  one step: operations and arguments, chosen
 */
#include "choice.h"

#include <pond/fixed.h>
#include <pond/heap.h>

enum {
    POOLS_LAKES = 4, /* ponds; 0 is the parent of the others */
    POOLS_EACH = 5,  /* pools in each */
    POOLS_OBJECTS = 1200
};

/* What a model's pools may be. */
enum pools_kind { POOLS_FIXED = 1, POOLS_HEAPS = 2, POOLS_BOTH = 3 };

/* An object: of which pool, and what it holds. */
struct pools_object {
    char *at; /* NULL: none */
    size_t size;
    uint64_t seed;
    unsigned lake, pool;
};

struct pool {
    pond_fixed *fixed;
    pond_heap *heap; /* one of the two, or none */
    size_t size;     /* of fixed */
    uint64_t moment; /* when it was made */
};

struct lake {
    pond *pond; /* NULL: none */
    struct pool pool[POOLS_EACH];
    pond_mark mark;
    uint64_t marked; /* the moment of the mark; 0: none */
    size_t limit;    /* 0: none */
};

struct pools {
    struct choice choice;
    enum pools_kind kinds;
    uint64_t moment;
    struct lake lake[POOLS_LAKES];
    struct pools_object object[POOLS_OBJECTS];
    unsigned n_refused;
    uint64_t n_operations; /* calls of public functions */
};

/* What heap_take calls. */
enum pools_call { CALL_ALLOC, CALL_CALLOC, CALL_ALIGNED };

/* pools_ops.c: o is an object that is there, except where it is made. */
struct pool *pools_of(struct pools *m, const struct pools_object *o);
void pools_check(const struct pools_object *o);
void pools_make_fixed(struct pools *m, struct pools_object *o);
void pools_make(struct pools *m, struct pools_object *o, enum pools_call call,
                size_t size, size_t alignment);
void pools_resize(struct pools *m, struct pools_object *o, size_t size);
void pools_drop(struct pools *m, struct pools_object *o, bool sized);
void pools_open(struct pools *m, unsigned lake);
/* Lake 0 is reset, others are destroyed. */
void pools_end(struct pools *m, unsigned lake);
void pools_limit(struct pools *m, unsigned lake, size_t bytes);
void pools_mark(struct pools *m, unsigned lake);
void pools_rewind(struct pools *m, unsigned lake);
/* size 0: a heap */
void pools_create(struct pools *m, unsigned lake, unsigned pool, size_t size);
void pools_check_usage(struct pools *m, unsigned lake);
void pools_check_all(struct pools *m);

/* pools_steps.c */
struct pools *pools_begin(uint64_t seed, enum pools_kind kinds);
void pools_step(struct pools *m);
void pools_finish(struct pools *m);

#endif
