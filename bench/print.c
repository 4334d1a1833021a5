/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c - results as tables for people.
 */
#include "result.h"

#include <math.h>

void print_header(const struct workload *w)
{
    printf("\n%s: %s\n", w->name, w->summary);
    fflush(stdout);
}

/* Three or four digits that matter, right-aligned. */
static void print_number(double value, int width)
{
    int digits = 0;

    if (isnan(value)) {
        printf("  %*s", width, "-");
        return;
    }
    for (double v = fabs(value); v < 100 && v != 0 && digits < 6; v *= 10)
        digits++;
    printf("  %*.*f", width, digits, value);
}

static void print_ratio(double value, int width)
{
    print_number(value > 0 ? value : (double)NAN, width);
}

static void print_timed(const struct result *r)
{
    char unit[48];

    snprintf(unit, sizeof(unit), "ns per %s", r->workload->unit);
    printf("  %-12s  %18s  %8s  %8s  %8s  %8s  %s\n", "", unit, "p10", "p90",
           "x pond", "x floor", "version");
    for (unsigned i = 0; i < r->n_rows; i++) {
        const struct row *row = &r->rows[i];
        printf("  %-12s", row->rival->name);
        print_number(row->median, 18);
        print_number(row->p10, 8);
        print_number(row->p90, 8);
        print_ratio(row->over_pond, 8);
        print_ratio(row->over_floor, 8);
        printf("  %s\n", row->version);
    }
}

static void print_programs(const struct result *r)
{
    const struct column *columns = r->workload->columns;
    int n = 0;

    printf("  %-12s", "");
    for (; n < MAX_COLUMNS && columns[n].key != NULL; n++)
        printf("  %12s", columns[n].heading);
    printf("  version\n");
    for (unsigned i = 0; i < r->n_rows; i++) {
        printf("  %-12s", r->rows[i].rival->name);
        for (int j = 0; j < n; j++)
            print_number(r->rows[i].figures[j], 12);
        printf("  %s\n", r->rows[i].version);
    }
}

void print_result(const struct result *r)
{
    if (workload_is_timed(r->workload))
        print_timed(r);
    else
        print_programs(r);
    for (int i = 0; i < MAX_WANTS; i++) {
        const struct want *want = &r->workload->wants[i];
        if (want->kind == WANT_NOTHING)
            break;
        struct verdict v = want_judge(r, want);
        if (v.known)
            printf("  %-6s %s\n", v.met ? "met" : "MISSED", v.text);
    }
    fflush(stdout);
}
