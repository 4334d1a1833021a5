/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_RIVALS_H
#define BENCH_RIVALS_H
/*
 * rivals.h - which allocators there are, and which of them are here.
 */
#include "bench.h"

struct candidate {
    const char *name;
    const struct rival *rival; /* NULL: its library was not there at build */
    const char *preload;       /* a whole malloc: the library to preload, ""
                                  for the C library's own; NULL: not one */
    const char *package;       /* what to install; NULL: always there */
};

/* A candidate that is here. */
struct present {
    const struct candidate *candidate;
    char version[64];
};

extern const struct candidate candidates[];
extern const size_t candidates_length;

const struct candidate *candidate_find(const char *name);
const struct round *candidate_round(const struct candidate *c,
                                    const char *workload);

#endif
