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

static int say_taken(const struct listen *l)
{
    const struct address *a = &l->address;
    unsigned port = address_port(a);
    uint16_t next = address_next_free(a);

    if (port)
        fprintf(stderr, "pondserve: port %u is taken (%s)", port, l->text);
    else
        fprintf(stderr, "pondserve: %s is taken", l->text);
    if (next)
        fprintf(stderr, "; %u is free, try: pondserve -p %u", (unsigned)next,
                (unsigned)next);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

static int say_no_port(const struct listen *l, int error)
{
    if (error == EADDRINUSE)
        return say_taken(l);
    return fail(EXIT_USAGE, "cannot listen at", l->text,
                error == EADDRNOTAVAIL ? "this machine does not have it"
                                       : strerror(error));
}

static void close_ports(const struct config *c, const int *fds, size_t n)
{
    const struct listen *l = c->listens;

    for (size_t i = 0; i < n; i++, l = l->next) {
        close(fds[i]);
        address_unlisten(&l->address);
    }
}

/* All, or none. fds: room for all. */
static int open_ports(const struct config *c, int *fds)
{
    size_t n = 0;

    for (const struct listen *l = c->listens; l; l = l->next, n++) {
        fds[n] = address_listen(&l->address, (mode_t)c->unix_mode);
        if (fds[n] < 0) {
            int error = -fds[n];
            close_ports(c, fds, n);
            return say_no_port(l, error);
        }
    }
    return 0;
}

static bool walks(const struct config *c)
{
    for (const struct site *s = c->router.sites; s; s = s->next)
        for (const struct location *l = s->locations; l; l = l->next)
            if (((const struct files_options *)l->options)->folder.walk)
                return true;
    return false;
}

static void say_hello(const struct config *c)
{
    const struct location *last = c->router.sites->locations;
    char url[ADDRESS_URL_BYTES];

    while (last->next)
        last = last->next;
    const char *root = ((const struct files_options *)last->options)->root;
    char *path = realpath(root, NULL);
    if (walks(c))
        fprintf(stderr, "pondserve: openat2 is not to be had here, so no "
                        "symbolic links are followed\n");
    address_url(&c->listens->address, url);
    printf("pondserve: serving %s at %s\n", path ? path : root, url);
    if (c->listens->address.family == AF_UNIX)
        printf("pondserve: try: curl -i --unix-socket %s http://localhost/\n",
               url + 5);
    else
        printf("pondserve: try: curl -i %s\n", url);
    for (const struct listen *l = c->listens->next; l; l = l->next) {
        address_url(&l->address, url);
        printf("pondserve: and at %s\n", url);
    }
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

/* The ports are ours from here on. */
static int serve(struct config *c, const int *listening, int log,
                 struct report *report)
{
    int error;
    struct worker *w = worker_create(c, log, &error);

    if (!w)
        return fail(EXIT_FAILURE, "cannot begin", "to serve", strerror(error));
    say_hello(c);
    error = -worker_run(w, listening);
    *report = (struct report){w->service.n_requests, w->service.n_accepted,
                              w->service.log.n_dropped};
    worker_destroy(w);
    for (const struct listen *l = c->listens; l; l = l->next)
        address_unlisten(&l->address);
    return error
               ? fail(EXIT_FAILURE, "cannot go on", "serving", strerror(error))
               : 0;
}

static int open_log(const struct config *c, int *log)
{
    *log = -1;
    if (strcmp(c->log, "off") == 0)
        return 0;
    *log = log_open(c->log);
    if (*log >= 0)
        return 0;
    return fail(EXIT_USAGE, "cannot write the log",
                strcmp(c->log, "-") == 0 ? "to standard output" : c->log,
                strerror(-*log));
}

/* Everything that can be wrong with what we were told is found here, before
 * anything is begun. */
static int open_and_serve(struct config *c, struct report *report)
{
    size_t n = 0;
    int log;

    for (const struct listen *l = c->listens; l; l = l->next)
        n++;
    int *listening = pond_new_array(c->pond, int, n);
    int status = open_log(c, &log);
    if (status == 0)
        status = listening ? open_ports(c, listening)
                           : fail(EXIT_FAILURE, "out", "of", "memory");
    if (status == 0)
        status = serve(c, listening, log, report);
    if (log >= 0)
        close(log);
    return status;
}

int master_run(struct config *c)
{
    struct report report = {0};

    prepare_process();
    int status = open_and_serve(c, &report);
    config_destroy(c);
    if (status == 0)
        say_goodbye(&report);
    return status;
}
