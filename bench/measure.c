/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * measure.c - the order of things. Rivals with an interface of their own take
 * turns inside this process; whole mallocs take the same turns in processes
 * of their own, on the same CPU. Programs get a fresh process each.
 */
#include "child.h"
#include "result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UP_ROUNDS = 2, CHECKED_REPEATS = 8 };

/* A rival during the rounds. */
struct contender {
    struct row *row;
    const struct round *round;
    struct child child; /* used by whole mallocs only */
    unsigned repeat;
};

static bool is_whole_malloc(const struct candidate *c)
{
    return c->preload != NULL;
}

static uint64_t contender_time(struct contender *c, const struct workload *w)
{
    return is_whole_malloc(c->row->rival) ? child_time(&c->child, c->repeat)
                                          : round_time(c->round, w, c->repeat);
}

/* Repeat until a round lasts long enough for the clock and for its share of
 * what happens only now and then. Wall time, which two threads are measured
 * by, wants rounds that fit between two disturbances. */
static void contender_calibrate(struct contender *c, const struct workload *w)
{
    double goal = bench_smoke ? 2e5 : w->n_threads == 2 ? 2e6 : 1e7;

    c->repeat = 1;
    for (;;) {
        double ns = (double)contender_time(c, w);
        if (ns >= goal * 0.8 || c->repeat > 1u << 28)
            return;
        double factor = ns > 0 ? goal / ns * 1.05 : 8;
        factor = factor > 8 ? 8 : factor;
        c->repeat = (unsigned)((double)c->repeat * factor) + 1;
    }
}

/* The work must be there, whole, and the same for all. */
static void contender_check(struct contender *c, const struct contender *first,
                            struct work *expected)
{
    struct work work = {.repeat = CHECKED_REPEATS};

    if (is_whole_malloc(c->row->rival))
        child_check(&c->child, &work);
    else
        c->round->checked(&work);
    if (work.failed)
        die("%s failed to allocate", c->row->rival->name);
    if (c == first)
        *expected = work;
    if (work.objects != expected->objects || work.bytes != expected->bytes)
        die("%s and %s did not do the same work", c->row->rival->name,
            first->row->rival->name);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which that share of the sorted values lies. */
static double quantile(const double *sorted, unsigned n, double share)
{
    double at = share * (n - 1);
    unsigned i = (unsigned)at;

    if (i + 1 >= n)
        return sorted[n - 1];
    return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

/* The median of the ratios round by round: both sides of each were measured
 * within the same moment, whatever else the machine was doing. */
static double ratio_median(const struct row *a, const struct row *b)
{
    double *ratios;

    if (a == NULL || b == NULL || a->n == 0 || a->n != b->n)
        return 0;
    ratios = calloc(a->n, sizeof(*ratios));
    if (ratios == NULL)
        die("out of memory");
    for (unsigned i = 0; i < a->n; i++)
        ratios[i] = a->samples[i] / b->samples[i];
    qsort(ratios, a->n, sizeof(*ratios), compare);
    double median = quantile(ratios, a->n, 0.5);
    free(ratios);
    return median;
}

static void row_summarize(struct row *row, const struct result *r)
{
    double *sorted = calloc(row->n, sizeof(*sorted));

    if (sorted == NULL)
        die("out of memory");
    memcpy(sorted, row->samples, row->n * sizeof(*sorted));
    qsort(sorted, row->n, sizeof(*sorted), compare);
    row->median = quantile(sorted, row->n, 0.5);
    row->p10 = quantile(sorted, row->n, 0.1);
    row->p90 = quantile(sorted, row->n, 0.9);
    row->over_pond = ratio_median(row, result_row(r, "pond"));
    row->over_floor = ratio_median(row, result_row(r, "floor"));
    free(sorted);
}

/* Everyone once a round; who begins moves on by one, and every other round
 * goes backwards, so that nobody always follows the same neighbour. */
static void rounds_run(struct contender *c, unsigned n,
                       const struct workload *w)
{
    for (unsigned round = 0; round < WARM_UP_ROUNDS + bench_runs; round++) {
        for (unsigned i = 0; i < n; i++) {
            unsigned at = (round + (round % 2 ? n - i : i)) % n;
            double ns = (double)contender_time(&c[at], w);
            struct row *row = c[at].row;
            if (round >= WARM_UP_ROUNDS)
                row->samples[row->n++] =
                    ns / ((double)c[at].repeat * w->per_repeat);
        }
    }
}

static void timed_measure(struct result *r)
{
    static bool is_set_up[MAX_RIVALS];
    struct contender c[MAX_RIVALS];
    struct work expected = {0};

    for (unsigned i = 0; i < r->n_rows; i++) {
        const struct candidate *rival = r->rows[i].rival;
        bool *done = &is_set_up[rival - candidates];
        c[i].row = &r->rows[i];
        c[i].round = candidate_round(rival, r->workload->name);
        if (is_whole_malloc(rival))
            child_start(&c[i].child, rival, r->workload->name);
        else if (rival->rival->set_up != NULL && !*done)
            rival->rival->set_up();
        *done = true;
        contender_check(&c[i], &c[0], &expected);
        contender_calibrate(&c[i], r->workload);
        r->rows[i].samples = calloc(bench_runs, sizeof(double));
        if (r->rows[i].samples == NULL)
            die("out of memory");
    }
    rounds_run(c, r->n_rows, r->workload);
    for (unsigned i = 0; i < r->n_rows; i++) {
        if (is_whole_malloc(r->rows[i].rival))
            child_end(&c[i].child);
        row_summarize(&r->rows[i], r);
    }
}

static void figures_take(struct child *child, struct row *row,
                         const struct workload *w)
{
    char key[64];
    double value;

    while (child_figure(child, key, &value))
        for (int i = 0; i < MAX_COLUMNS && w->columns[i].key != NULL; i++)
            if (strcmp(w->columns[i].key, key) == 0)
                row->figures[i] = value;
    child_end(child);
}

static void programs_measure(struct result *r)
{
    struct child children[MAX_RIVALS];
    const struct workload *w = r->workload;

    for (unsigned i = 0; i < r->n_rows; i++) {
        for (int j = 0; j < MAX_COLUMNS; j++)
            r->rows[i].figures[j] = (double)NAN;
        child_start(&children[i], r->rows[i].rival, w->name);
        child_run(&children[i]);
        if (!w->together)
            figures_take(&children[i], &r->rows[i], w);
    }
    for (unsigned i = 0; w->together && i < r->n_rows; i++)
        figures_take(&children[i], &r->rows[i], w);
}

void result_measure(struct result *r, const struct workload *w,
                    const struct present *who, unsigned n)
{
    memset(r, 0, sizeof(*r));
    r->workload = w;
    for (unsigned i = 0; i < n; i++) {
        if (candidate_round(who[i].candidate, w->name) == NULL)
            continue;
        r->rows[r->n_rows].rival = who[i].candidate;
        r->rows[r->n_rows++].version = who[i].version;
    }
    if (workload_is_timed(w))
        timed_measure(r);
    else
        programs_measure(r);
}

const struct row *result_row(const struct result *r, const char *rival)
{
    for (unsigned i = 0; i < r->n_rows; i++)
        if (strcmp(r->rows[i].rival->name, rival) == 0)
            return &r->rows[i];
    return NULL;
}

void result_free(struct result *r)
{
    for (unsigned i = 0; i < r->n_rows; i++)
        free(r->rows[i].samples);
}
