/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_CATALOGUE_H
#define BENCH_CATALOGUE_H
/*
 * catalogue.h - which workloads there are, in what they are counted, and what
 * is wanted of them.
 */
#include "bench.h"

enum { MAX_COLUMNS = 8, MAX_WANTS = 4 };

/* A figure that a program prints. */
struct column {
    const char *key;     /* as in figure_print */
    const char *heading; /* over the column, unit included */
};

enum want_kind {
    WANT_NOTHING,
    WANT_FASTER, /* the best of rivals takes at least bound times Pond's time */
    WANT_WITHIN, /* Pond takes at most bound times the rival's time */
    WANT_AT_LEAST,       /* Pond's figure is at least bound */
    WANT_AT_MOST,        /* Pond's figure is at most bound */
    WANT_AT_MOST_THEIRS, /* ... at most bound times the rival's figure */
};

struct want {
    enum want_kind kind;
    double bound;
    const char *rivals;    /* one, or several with commas between them */
    const char *key;       /* of Pond's figure */
    const char *their_key; /* of the rival's; NULL: the same */
};

struct workload {
    const char *name;
    const char *summary;
    const char *first;   /* a workload that is run before this one, or NULL */
    const char *unit;    /* timed: what the nanoseconds are for */
    unsigned per_repeat; /* timed: how many of them a repeat is */
    unsigned n_threads;
    bool together; /* program: mostly waits, so rivals run side by side */
    struct column columns[MAX_COLUMNS];
    struct want wants[MAX_WANTS];
};

extern const struct workload catalogue[];
extern const size_t catalogue_length;

static inline bool workload_is_timed(const struct workload *w)
{
    return w->unit != NULL;
}

const struct workload *workload_find(const char *name);

#endif
