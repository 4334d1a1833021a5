/* SPDX-License-Identifier: BSD-2-Clause */
/* master.c - see master.h. */
#define _GNU_SOURCE 1
#include "master.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "address.h"
#include "beneath.h"
#include "files.h"
#include "worker.h"

static int fail(int status, const char *what, const char *of, const char *why)
{
    fprintf(stderr, "pondserve: %s %s: %s\n", what, of, why);
    return status;
}

static void prepare_process(void)
{
    struct rlimit files;
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    /* Each connection is a descriptor: take all we may have. */
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int open_root(const struct config *c, struct beneath *root)
{
    int error = beneath_open(root, c->root);

    if (error)
        return fail(EXIT_USAGE, "cannot serve the folder", c->root,
                    strerror(-error));
    return 0;
}

static int say_taken(const struct config *c, const struct address *a)
{
    uint16_t next = address_next_free(a);

    fprintf(stderr, "pondserve: port %u on %s is taken", (unsigned)c->port,
            c->address);
    if (next)
        fprintf(stderr, "; %u is free, try: pondserve -p %u", (unsigned)next,
                (unsigned)next);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

/* *fd: listening, when it returns 0. */
static int open_port(const struct config *c, struct address *a, int *fd)
{
    char port[16];
    const char *why = address_resolve(a, c->address, c->port);

    if (why)
        return fail(EXIT_USAGE, "cannot listen at the address", c->address,
                    why);
    *fd = address_listen(a);
    if (*fd >= 0)
        return 0;
    if (*fd == -EADDRINUSE)
        return say_taken(c, a);
    if (*fd == -EADDRNOTAVAIL)
        return fail(EXIT_USAGE, "cannot listen at the address", c->address,
                    "this machine does not have it");
    snprintf(port, sizeof(port), "%u", (unsigned)c->port);
    return fail(EXIT_USAGE, "cannot listen at port", port, strerror(-*fd));
}

static void say_hello(const struct config *c, const struct address *a)
{
    const struct beneath *root = c->router.locations[0].state;
    char url[ADDRESS_URL_BYTES];
    char *path = realpath(c->root, NULL);

    if (root->walk)
        fprintf(stderr, "pondserve: openat2 is not to be had here, so no "
                        "symbolic links are followed\n");
    address_url(a, url);
    printf("pondserve: serving %s at %s\n", path ? path : c->root, url);
    printf("pondserve: try: curl -i %s\n", url);
    fflush(stdout);
    free(path);
}

struct report {
    uint64_t n_requests;
    uint64_t n_connections;
    uint64_t n_dropped; /* lines of the log */
};

/* In KiB. The kernel's figure for a process is also that of what ran in it
 * before exec, so its figure for the address space is asked first. */
static unsigned long peak_memory(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    unsigned long peak = 0;
    struct rusage usage;
    char line[128];

    while (status && !peak && fgets(line, sizeof(line), status))
        if (sscanf(line, "VmHWM: %lu", &peak) != 1)
            peak = 0;
    if (status)
        fclose(status);
    if (!peak && getrusage(RUSAGE_SELF, &usage) == 0)
        peak = (unsigned long)usage.ru_maxrss;
    return peak;
}

static void say_goodbye(const struct report *r)
{
    if (r->n_dropped)
        fprintf(stderr,
                "pondserve: %" PRIu64 " lines of the log could not be "
                "written\n",
                r->n_dropped);
    printf("pondserve: stopped: %" PRIu64 " requests, %" PRIu64
           " connections, peak memory %.1f MiB, ponds left: %zu\n",
           r->n_requests, r->n_connections, (double)peak_memory() / 1024,
           pond_process_usage_get().n_ponds);
}

/* The port is ours from here on. */
static int serve(struct config *c, const struct address *a, int listening,
                 int log, struct report *report)
{
    int error;
    struct worker *w = worker_create(c, log, &error);

    if (!w) {
        close(listening);
        return fail(EXIT_FAILURE, "cannot begin", "to serve", strerror(error));
    }
    say_hello(c, a);
    error = -worker_run(w, listening);
    *report = (struct report){w->service.n_requests, w->service.n_accepted,
                              w->service.log.n_dropped};
    worker_destroy(w);
    return error
               ? fail(EXIT_FAILURE, "cannot go on", "serving", strerror(error))
               : 0;
}

/* Everything that can be wrong with what we were told is found here, before
 * anything is begun. */
static int open_and_serve(struct config *c, struct beneath *root,
                          struct report *report)
{
    struct location everything = {
        .prefix = "", .handler = &files_handler, .state = root};
    struct address address;
    int listening;

    c->router = (struct router){&everything, 1};
    int log = log_open(c->log);
    if (log < 0)
        return fail(EXIT_USAGE, "cannot write the log",
                    c->log ? c->log : "to standard output", strerror(-log));
    int status = open_port(c, &address, &listening);
    if (status == 0)
        status = serve(c, &address, listening, log, report);
    close(log);
    return status;
}

int master_run(struct config *c)
{
    struct report report = {0};
    struct beneath root;

    prepare_process();
    int status = open_root(c, &root);
    if (status == 0) {
        status = open_and_serve(c, &root, &report);
        beneath_close(&root);
    }
    config_destroy(c);
    if (status == 0)
        say_goodbye(&report);
    return status;
}
