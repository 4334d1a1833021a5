/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.c - both ends of the pipes between pondbench and itself.
 *
 *     parent                     child (pondbench --as RIVAL WORKLOAD)
 *                                ready VERSION
 *     time REPEAT                ok NANOSECONDS
 *     check REPEAT               ok OBJECTS BYTES FAILED
 *     run                        figure KEY VALUE ... done
 *     (end of file)              exit
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 256 };

/* ------------------------------------------------------- the parent's end */

static _Noreturn void child_lost(struct child *c)
{
    int status = 0;

    waitpid(c->pid, &status, 0);
    if (WIFSIGNALED(status))
        die("%s: its process was ended by signal %d (%s)", c->rival->name,
            WTERMSIG(status), strsignal(WTERMSIG(status)));
    die("%s: its process ended early with status %d", c->rival->name,
        WEXITSTATUS(status));
}

static void child_exec(const struct candidate *c, const char *workload, int in,
                       int out, bool quiet)
{
    char runs[16];
    const char *argv[] = {"pondbench",
                          "--as",
                          c->name,
                          workload,
                          "--runs",
                          runs,
                          bench_smoke ? "--smoke" : NULL,
                          NULL};

    snprintf(runs, sizeof(runs), "%u", bench_runs);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    if (quiet) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDERR_FILENO);
    }
    if (c->preload != NULL && c->preload[0] != 0)
        setenv("LD_PRELOAD", c->preload, 1);
    else
        unsetenv("LD_PRELOAD");
    machine_unpin();
    execv("/proc/self/exe", (char **)(uintptr_t)argv);
    _exit(127);
}

static bool child_spawn(struct child *child, const struct candidate *c,
                        const char *workload, bool quiet)
{
    int in[2], out[2];
    char line[LINE];

    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    child->rival = c;
    child->pid = fork();
    if (child->pid < 0)
        die("cannot start a process: %s", strerror(errno));
    if (child->pid == 0)
        child_exec(c, workload, in[0], out[1], quiet);
    close(in[0]);
    close(out[1]);
    child->to = fdopen(in[1], "w");
    child->from = fdopen(out[0], "r");
    if (child->to == NULL || child->from == NULL)
        die("cannot talk to a process: %s", strerror(errno));
    return fgets(line, sizeof(line), child->from) != NULL &&
           sscanf(line, "ready %63[^\n]", child->version) == 1;
}

void child_start(struct child *child, const struct candidate *c,
                 const char *workload)
{
    if (!child_spawn(child, c, workload, false))
        child_lost(child);
}

void child_end(struct child *child)
{
    fclose(child->to);
    fclose(child->from);
    waitpid(child->pid, NULL, 0);
}

bool child_probe(const struct candidate *c, char version[64])
{
    struct child child;
    bool ready = child_spawn(&child, c, "-", true);

    child_end(&child);
    /* Without the library the process runs, on the malloc it has anyway. */
    if (!ready || strncmp(child.version, c->name, strcspn(c->name, "-")) != 0)
        return false;
    memcpy(version, child.version, sizeof(child.version));
    return true;
}

static void child_ask(struct child *child, const char *question,
                      unsigned repeat, char reply[LINE])
{
    fprintf(child->to, "%s %u\n", question, repeat);
    fflush(child->to);
    if (fgets(reply, LINE, child->from) == NULL)
        child_lost(child);
}

uint64_t child_time(struct child *child, unsigned repeat)
{
    char reply[LINE];
    uint64_t ns = 0;

    child_ask(child, "time", repeat, reply);
    if (sscanf(reply, "ok %" SCNu64, &ns) != 1)
        child_lost(child);
    return ns;
}

void child_check(struct child *child, struct work *w)
{
    char reply[LINE];
    int failed = 1;

    child_ask(child, "check", w->repeat, reply);
    if (sscanf(reply, "ok %" SCNu64 " %" SCNu64 " %d", &w->objects, &w->bytes,
               &failed) != 3)
        child_lost(child);
    w->failed = failed != 0;
}

void child_run(struct child *child)
{
    fprintf(child->to, "run 1\n");
    fflush(child->to);
}

bool child_figure(struct child *child, char key[64], double *value)
{
    char line[LINE];

    if (fgets(line, sizeof(line), child->from) == NULL)
        child_lost(child);
    return sscanf(line, "figure %63s %lf", key, value) == 2;
}

/* -------------------------------------------------------- the child's end */

void figure_print(const char *key, double value)
{
    printf("figure %s %.9g\n", key, value);
}

uint64_t round_time(const struct round *r, const struct workload *w,
                    unsigned repeat)
{
    uint64_t (*clock)(void) =
        w->n_threads == 2 ? clock_wall_ns : clock_thread_ns;
    struct work lead_in = {.repeat = repeat / 8 + 1};
    struct work work = {.repeat = repeat};

    /* Caches still hold what the rival before left there. */
    r->timed(&lead_in);
    uint64_t start = clock();
    r->timed(&work);
    return clock() - start;
}

int child_main(const char *rival, const char *workload)
{
    const struct candidate *c = candidate_find(rival);
    const struct workload *w = workload_find(workload);
    const struct round *r;
    struct work work = {0};
    char line[LINE];

    if (c == NULL || c->rival == NULL || !machine_pin(0))
        return 2;
    if (c->rival->set_up != NULL)
        c->rival->set_up();
    printf("ready %s\n", c->rival->version());
    fflush(stdout);
    if (w == NULL || (r = candidate_round(c, workload)) == NULL)
        return 0;
    while (fgets(line, sizeof(line), stdin) != NULL) {
        if (sscanf(line, "time %u", &work.repeat) == 1) {
            printf("ok %" PRIu64 "\n", round_time(r, w, work.repeat));
        } else if (sscanf(line, "check %u", &work.repeat) == 1) {
            r->checked(&work);
            printf("ok %" PRIu64 " %" PRIu64 " %d\n", work.objects, work.bytes,
                   work.failed);
        } else {
            r->program();
            printf("done\n");
        }
        fflush(stdout);
    }
    return 0;
}
