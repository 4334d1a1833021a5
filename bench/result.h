/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H
/*
 * result.h - what was measured, and its way to paper. measure.c makes results,
 * wants.c judges them, print.c and json.c write them.
 */
#include "catalogue.h"
#include "rivals.h"

#include <stdio.h>

enum { MAX_RIVALS = 24 };

/* One allocator in one workload. */
struct row {
    const struct candidate *rival;
    const char *version;
    /* timed */
    unsigned n;
    double *samples;         /* ns for one unit, in the order of the rounds */
    double median, p10, p90; /* of the samples */
    double over_pond;        /* median of the ratios round by round; 0: none */
    double over_floor;
    /* program */
    double figures[MAX_COLUMNS]; /* NAN: not printed by this rival */
};

struct result {
    const struct workload *workload;
    struct row rows[MAX_RIVALS];
    unsigned n_rows;
};

/* Where a want stands. */
struct verdict {
    bool known; /* both sides were measured */
    bool met;
    double value;
    char text[160];
};

/* measure.c: have those of the n rivals that know the workload do it */
void result_measure(struct result *r, const struct workload *w,
                    const struct present *who, unsigned n);
const struct row *result_row(const struct result *r, const char *rival);
void result_free(struct result *r);

struct verdict want_judge(const struct result *r, const struct want *want);

void print_header(const struct workload *w);
void print_result(const struct result *r);

void json_begin(FILE *f, const struct machine *m);
void json_result(FILE *f, const struct result *r);
void json_end(FILE *f);

#endif
