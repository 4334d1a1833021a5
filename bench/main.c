/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pondbench - Pond beside other allocators. main.c reads the command line and
 * goes through the workloads; what they are is in catalogue.c, who takes part
 * in rivals.c, how it is timed in measure.c.
 */
#include "child.h"
#include "result.h"

#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <pond/pond.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_RUNS = 21, SMOKE_RUNS = 3, MAX_RUNS = 100000 };

bool bench_smoke;
unsigned bench_runs;

/* What the command line asked for. */
struct order {
    const struct workload *workloads[64];
    unsigned n_workloads;
    const char *allocators; /* NULL: all */
    const char *json;       /* NULL: none */
    const char *as;         /* NULL: not a child */
    bool list;
};

void die(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fputs("pondbench: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static _Noreturn __attribute__((format(printf, 1, 2))) void
refuse(const char *format, ...)
{
    va_list args;

    fputs("pondbench: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

static void print_help(void)
{
    puts("pondbench WORKLOAD...        run these workloads, or all of them:\n"
         "pondbench all\n"
         "  --allocators A,B  only these (--list names them)\n"
         "  --runs N          rounds of the timed workloads (21)\n"
         "  --json FILE       also write the results as JSON\n"
         "  --smoke           quick: small loads, 3 rounds; proves that it\n"
         "                    runs, the figures mean little; of all workloads\n"
         "                    when none is named\n"
         "  --list            the workloads, and the allocators found here\n"
         "  --help, --version\n"
         "It pins itself to the last CPU that it may use (and the one before,\n"
         "where a workload has two threads): choose others with taskset.");
}

/* ----------------------------------------------------------- who is here */

static bool named_in(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (;;) {
        size_t n = strcspn(list, ",");
        if (n == length && memcmp(list, name, n) == 0)
            return true;
        if (list[n] == 0)
            return false;
        list += n + 1;
    }
}

static void allocators_check(const char *list)
{
    char name[32];

    for (;;) {
        size_t n = strcspn(list, ",");
        snprintf(name, sizeof(name), "%.*s", (int)n, list);
        if (candidate_find(name) == NULL)
            refuse("there is no allocator \"%s\"; --list names them", name);
        if (list[n] == 0)
            return;
        list += n + 1;
    }
}

static bool candidate_here(const struct candidate *c, char version[64])
{
    if (c->rival == NULL)
        return false;
    if (c->preload != NULL && c->preload[0] != 0)
        return child_probe(c, version);
    snprintf(version, 64, "%.63s", c->rival->version());
    return true;
}

/* Those asked for that are here; those that are not are named. */
static unsigned present_find(struct present *present, const char *allocators)
{
    unsigned n = 0;

    for (size_t i = 0; i < candidates_length; i++) {
        const struct candidate *c = &candidates[i];
        if (allocators != NULL && !named_in(allocators, c->name))
            continue;
        present[n].candidate = c;
        if (candidate_here(c, present[n].version))
            n++;
        else if (allocators != NULL)
            refuse("%s is not installed: apt package %s", c->name, c->package);
        else
            printf("%s: not installed: apt package %s\n", c->name, c->package);
    }
    return n;
}

static void print_list(void)
{
    char version[64];

    puts("workloads:");
    for (size_t i = 0; i < catalogue_length; i++)
        printf("  %-17s %s\n", catalogue[i].name, catalogue[i].summary);
    puts("allocators:");
    for (size_t i = 0; i < candidates_length; i++) {
        const struct candidate *c = &candidates[i];
        printf("  %-16s ", c->name);
        if (candidate_here(c, version))
            printf("%s: %s\n", version, c->rival->setting);
        else
            printf("not installed: apt package %s\n", c->package);
    }
}

/* ------------------------------------------------------- the command line */

static unsigned number_read(const char *text)
{
    char *end;

    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != 0 || text[0] == '-' || n == 0 ||
        n > MAX_RUNS)
        refuse("--runs wants a number from 1 to %d, not \"%s\"", MAX_RUNS,
               text);
    return (unsigned)n;
}

static void order_add(struct order *o, const struct workload *w)
{
    if (w->first != NULL)
        order_add(o, workload_find(w->first));
    for (unsigned i = 0; i < o->n_workloads; i++)
        if (o->workloads[i] == w)
            return;
    o->workloads[o->n_workloads++] = w;
}

static void order_add_named(struct order *o, const char *name)
{
    const struct workload *w = workload_find(name);

    if (w == NULL && strcmp(name, "all") != 0)
        refuse("there is no workload \"%s\"; --list names them", name);
    for (size_t i = 0; w == NULL && i < catalogue_length; i++)
        order_add(o, &catalogue[i]);
    if (w != NULL)
        order_add(o, w);
}

static void options_read(struct order *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"allocators", required_argument, NULL, 'a'},
        {"runs", required_argument, NULL, 'r'},
        {"json", required_argument, NULL, 'j'},
        {"smoke", no_argument, NULL, 's'},
        {"list", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {"as", required_argument, NULL, 'A'}, /* for itself: see child.c */
        {NULL, 0, NULL, 0},
    };
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (c) {
        case 'a':
            o->allocators = optarg;
            break;
        case 'r':
            bench_runs = number_read(optarg);
            break;
        case 'j':
            o->json = optarg;
            break;
        case 's':
            bench_smoke = true;
            break;
        case 'l':
            o->list = true;
            break;
        case 'A':
            o->as = optarg;
            break;
        case 'h':
            print_help();
            exit(0);
        case 'v':
            printf("pondbench %s (libpond %s)\n", POND_VERSION, pond_version());
            exit(0);
        case ':':
            refuse("%s wants a value; --help says more", argv[optind - 1]);
        default:
            refuse("unknown option %s; --help names them", argv[optind - 1]);
        }
    }
}

static void order_read(struct order *o, int argc, char **argv)
{
    options_read(o, argc, argv);
    if (bench_runs == 0)
        bench_runs = bench_smoke ? SMOKE_RUNS : DEFAULT_RUNS;
    if (o->as != NULL || o->list)
        return;
    if (o->allocators != NULL)
        allocators_check(o->allocators);
    for (int i = optind; i < argc; i++)
        order_add_named(o, argv[i]);
    if (optind == argc && bench_smoke)
        order_add_named(o, "all");
    if (o->n_workloads == 0)
        refuse("name a workload, or all; --list names them");
}

static void order_run(const struct order *o)
{
    struct present present[MAX_RIVALS];
    struct machine machine;
    FILE *json = NULL;

    if (o->json != NULL && (json = fopen(o->json, "w")) == NULL)
        refuse("cannot write %s: %s", o->json, strerror(errno));
    machine_read(&machine);
    printf("%s, %d CPUs, %s, %s, %s\n", machine.cpu, machine.n_cpus,
           machine.kernel, machine.libc, machine.compiler);
    unsigned n = present_find(present, o->allocators);
    if (json != NULL)
        json_begin(json, &machine);
    for (unsigned i = 0; i < o->n_workloads; i++) {
        struct result result;
        const struct workload *w = o->workloads[i];
        print_header(w);
        if (w->n_threads == 2 && machine.n_cpus < 2) {
            puts("  left out: it needs two CPUs");
            continue;
        }
        result_measure(&result, w, present, n);
        print_result(&result);
        if (json != NULL)
            json_result(json, &result);
        result_free(&result);
    }
    if (json == NULL)
        return;
    json_end(json);
    if (ferror(json) != 0 || fclose(json) != 0)
        die("cannot write %s: %s", o->json, strerror(errno));
}

int main(int argc, char **argv)
{
    struct order order = {0};

    order_read(&order, argc, argv);
    sizes_set_up();
    if (order.as != NULL)
        return child_main(order.as, optind < argc ? argv[optind] : "");
    /* Rivals that share this process must not change each other's malloc:
     * glibc raises these bounds when a large object is freed. */
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    if (!machine_pin(0))
        die("cannot pin to a CPU: %s", strerror(errno));
    if (order.list)
        print_list();
    else
        order_run(&order);
    return 0;
}
