/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c - results for programs: one object with the machine, the allocators'
 * versions, and for each workload the samples, medians, spread and wants.
 */
#include "result.h"

#include <math.h>
#include <pond/pond.h>
#include <time.h>

static bool first_in_list;

static void put_text(FILE *f, const char *text)
{
    fputc('"', f);
    for (; *text != 0; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(f, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(f, "\\u%04x", *text);
        else
            fputc(*text, f);
    }
    fputc('"', f);
}

static void put_pair(FILE *f, const char *key, const char *value,
                     const char *after)
{
    fprintf(f, "\"%s\": ", key);
    put_text(f, value);
    fputs(after, f);
}

/* JSON has no way to say that there is no number, but null. */
static void put_number(FILE *f, double value)
{
    if (isfinite(value))
        fprintf(f, "%.6g", value);
    else
        fputs("null", f);
}

void json_begin(FILE *f, const struct machine *m)
{
    char now[32];
    time_t t = time(NULL);

    strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime(&t));
    fputs("{\n", f);
    put_pair(f, "pondbench", POND_VERSION, ",\n");
    put_pair(f, "date", now, ",\n\"machine\": {");
    put_pair(f, "cpu", m->cpu, ", ");
    put_pair(f, "kernel", m->kernel, ", ");
    put_pair(f, "libc", m->libc, ", ");
    put_pair(f, "compiler", m->compiler, ", ");
    fprintf(f, "\"cpus\": %d},\n\"smoke\": %s,\n\"runs\": %u,\n", m->n_cpus,
            bench_smoke ? "true" : "false", bench_runs);
    fputs("\"workloads\": [", f);
    first_in_list = true;
}

static void put_timed(FILE *f, const struct row *row)
{
    static const char *const names[] = {"median_ns", "p10_ns", "p90_ns",
                                        "over_pond", "over_floor"};
    const double values[] = {row->median, row->p10, row->p90,
                             row->over_pond > 0 ? row->over_pond : (double)NAN,
                             row->over_floor > 0 ? row->over_floor
                                                 : (double)NAN};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        fprintf(f, "\"%s\": ", names[i]);
        put_number(f, values[i]);
        fputs(", ", f);
    }
    fputs("\"samples_ns\": [", f);
    for (unsigned i = 0; i < row->n; i++) {
        fputs(i > 0 ? ", " : "", f);
        put_number(f, row->samples[i]);
    }
    fputs("]}", f);
}

static void put_figures(FILE *f, const struct row *row,
                        const struct workload *w)
{
    for (int i = 0; i < MAX_COLUMNS && w->columns[i].key != NULL; i++) {
        fprintf(f, "%s\"%s\": ", i > 0 ? ", " : "", w->columns[i].key);
        put_number(f, row->figures[i]);
    }
    fputs("}", f);
}

static void put_wants(FILE *f, const struct result *r)
{
    const char *between = "";

    fputs("],\n  \"wanted\": [", f);
    for (int i = 0; i < MAX_WANTS; i++) {
        const struct want *want = &r->workload->wants[i];
        struct verdict v;
        if (want->kind == WANT_NOTHING || !(v = want_judge(r, want)).known)
            continue;
        fprintf(f, "%s\n    {", between);
        put_pair(f, "text", v.text, ", \"value\": ");
        put_number(f, v.value);
        fprintf(f, ", \"bound\": %g, \"met\": %s}", want->bound,
                v.met ? "true" : "false");
        between = ",";
    }
    fputs("]}", f);
}

void json_result(FILE *f, const struct result *r)
{
    fputs(first_in_list ? "\n{" : ",\n{", f);
    first_in_list = false;
    put_pair(f, "name", r->workload->name, ", ");
    if (workload_is_timed(r->workload))
        put_pair(f, "unit", r->workload->unit, ", ");
    put_pair(f, "summary", r->workload->summary, ",\n  \"allocators\": [");
    for (unsigned i = 0; i < r->n_rows; i++) {
        fputs(i > 0 ? ",\n    {" : "\n    {", f);
        put_pair(f, "name", r->rows[i].rival->name, ", ");
        put_pair(f, "version", r->rows[i].version, ", ");
        if (workload_is_timed(r->workload))
            put_timed(f, &r->rows[i]);
        else
            put_figures(f, &r->rows[i], r->workload);
    }
    put_wants(f, r);
}

void json_end(FILE *f)
{
    fputs("\n]}\n", f);
}
