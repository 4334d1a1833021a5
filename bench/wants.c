/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wants.c - sets what was measured against what is wanted. It judges and
 * words; it measures nothing.
 */
#include "result.h"

#include <math.h>
#include <string.h>

static double figure_of(const struct result *r, const char *rival,
                        const char *key)
{
    const struct row *row = result_row(r, rival);

    for (int i = 0; row != NULL && i < MAX_COLUMNS; i++)
        if (r->workload->columns[i].key != NULL &&
            strcmp(r->workload->columns[i].key, key) == 0)
            return row->figures[i];
    return (double)NAN;
}

/* Of the rivals named, the one that comes closest to Pond. */
static const struct row *best_of(const struct result *r, const char *names)
{
    const struct row *best = NULL;
    char name[32];

    while (*names != 0) {
        size_t n = strcspn(names, ",");
        snprintf(name, sizeof(name), "%.*s", (int)n, names);
        names += names[n] == ',' ? n + 1 : n;
        const struct row *row = result_row(r, name);
        if (row != NULL && row->over_pond > 0 &&
            (best == NULL || row->over_pond < best->over_pond))
            best = row;
    }
    return best;
}

static void judge_times(struct verdict *v, const struct result *r,
                        const struct want *want)
{
    const struct row *row = best_of(r, want->rivals);

    if (row == NULL)
        return;
    v->known = true;
    if (want->kind == WANT_FASTER) {
        v->value = row->over_pond;
        v->met = v->value >= want->bound;
        snprintf(v->text, sizeof(v->text),
                 "%s takes %.2f times pond's time, wanted: %g or more",
                 row->rival->name, v->value, want->bound);
    } else {
        v->value = 1 / row->over_pond;
        v->met = v->value <= want->bound;
        snprintf(v->text, sizeof(v->text),
                 "pond takes %.3f times %s's time, wanted: %g or less",
                 v->value, row->rival->name, want->bound);
    }
}

static void judge_figure(struct verdict *v, const struct result *r,
                         const struct want *want)
{
    const char *subject = r->n_rows == 1 ? r->rows[0].rival->name : "pond";

    v->value = figure_of(r, subject, want->key);
    v->known = !isnan(v->value);
    bool least = want->kind == WANT_AT_LEAST;
    v->met = least ? v->value >= want->bound : v->value <= want->bound;
    snprintf(v->text, sizeof(v->text), "%s is %.4g, wanted: %g or %s",
             want->key, v->value, want->bound, least ? "more" : "less");
}

static void judge_figures(struct verdict *v, const struct result *r,
                          const struct want *want)
{
    const char *key = want->their_key != NULL ? want->their_key : want->key;
    double theirs = figure_of(r, want->rivals, key);

    v->value = figure_of(r, "pond", want->key) / theirs;
    v->known = !isnan(v->value);
    v->met = v->value <= want->bound;
    snprintf(v->text, sizeof(v->text),
             "%s is %.3f times %s's %s, wanted: %g or less", want->key,
             v->value, want->rivals, key, want->bound);
}

struct verdict want_judge(const struct result *r, const struct want *want)
{
    struct verdict v = {0};

    if (want->kind == WANT_FASTER || want->kind == WANT_WITHIN)
        judge_times(&v, r, want);
    else if (want->kind == WANT_AT_MOST_THEIRS)
        judge_figures(&v, r, want);
    else
        judge_figure(&v, r, want);
    return v;
}
