/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_EXHAUSTIVE_H
#define POND_TEST_EXHAUSTIVE_H
/*
 * exhaustive.h - all sequences of a length over an alphabet of operations. Each
 * is begun from nothing, and compared with a model after each operation, so
 * shorter ones are tried as the beginnings of longer ones.
 */
#include "support.h"

struct letter {
    const char *name;
    void (*act)(void *world);
};

struct alphabet {
    const char *name;
    const struct letter *letters;
    size_t n;
    void *(*begin)(void);         /* a new world */
    uint64_t (*end)(void *world); /* returns its operations; checks all */
};

/* Run them, print how many, and fail by abort, naming the sequence. */
void exhaust(const struct alphabet *a, size_t length);

extern const struct alphabet exhaustive_region;
extern const struct alphabet exhaustive_fixed;
extern const struct alphabet exhaustive_heap;

#endif
