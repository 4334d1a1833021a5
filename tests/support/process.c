/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - tests in child processes: plain ones, ones that must abort over
 * a misuse, and ones that are single-stepped; and threads with small stacks.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Written by coverage builds only. */
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn void test_leave(int status)
{
    if (__gcov_dump)
        __gcov_dump();
    _exit(status);
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        CHECK(errno == EINTR);
    return status;
}

static void no_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

int test_in_child(void (*fn)(void *), void *arg)
{
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        no_core();
        fn(arg);
        fflush(NULL);
        test_leave(0);
    }
    return wait_for(pid);
}

/* ---------------------------------------------------------------- misuse */

static int misuse_pipe = -1;

static void report_misuse(const char *line, void *arg)
{
    CHECK(arg == &misuse_pipe);
    ssize_t written = write(misuse_pipe, line, strlen(line));
    CHECK(written == (ssize_t)strlen(line));
    if (__gcov_dump)
        __gcov_dump();
}

static void run_misuse(int out, void (*fn)(void *), void *arg)
{
    no_core();
    /* cmocka's handlers would hide how the child really dies. */
    signal(SIGABRT, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    misuse_pipe = out;
    pond_on_misuse(report_misuse, &misuse_pipe);
    fn(arg);
    test_leave(7); /* nothing was noticed */
}

/* Everything that comes through the pipe, ended by a zero. */
static void read_all(int in, char *text, size_t room)
{
    size_t n = 0;
    while (n + 1 < room) {
        ssize_t got = read(in, text + n, room - 1 - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = 0;
}

/* What is wrong with how it died, or NULL. */
static const char *judge(int status, const char *text, const char *naming)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 7)
        return "the misuse passed unnoticed";
    if (!test_region_engine() && text[0] == 0 && status != 0)
        return NULL; /* the sanitizer or Valgrind saw it first */
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        return "it did not end by abort";
    if (text[0] == 0)
        return "no line was reported";
    const char *newline = strchr(text, '\n');
    if (newline && newline[1] != 0)
        return "more than one line was reported";
    if (naming && !strstr(text, naming))
        return "the line does not name the pond";
    return NULL;
}

void test_expect_misuse(void (*fn)(void *), void *arg, const char *naming,
                        const char *file, int line)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        run_misuse(ends[1], fn, arg);
    }
    close(ends[1]);
    char text[1024];
    read_all(ends[0], text, sizeof text);
    close(ends[0]);
    const char *wrong = judge(wait_for(pid), text, naming);
    if (wrong) {
        print_error("%s:%d: %s; reported: \"%s\"\n", file, line, wrong, text);
        _fail(file, line);
    }
}

/* ---------------------------------------------------------- small stacks */

struct errand {
    void (*fn)(void *);
    void *arg;
};

static void *run_errand(void *arg)
{
    struct errand *e = arg;
    e->fn(e->arg);
    return NULL;
}

void test_on_small_stack(void (*fn)(void *), void *arg)
{
    size_t bytes = 64 * KIB;
    if (TEST_ASAN || TEST_TSAN || test_under_valgrind())
        bytes = 512 * KIB;
    if (bytes < (size_t)PTHREAD_STACK_MIN)
        bytes = (size_t)PTHREAD_STACK_MIN;
    struct errand e = {fn, arg};
    pthread_attr_t attributes;
    pthread_t thread;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, bytes) == 0);
    CHECK(pthread_create(&thread, &attributes, run_errand, &e) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pthread_attr_destroy(&attributes) == 0);
}

/* ---------------------------------------------------------- single steps */

static void be_stepped(void (*prepare)(void *), void (*operate)(void *),
                       void *arg)
{
    no_core();
    prepare(arg);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(9);
    raise(SIGSTOP);
    operate(arg);
    raise(SIGSTOP);
    _exit(0);
}

/* Step from the first stop to the second. */
static long step(pid_t pid)
{
    int status;
    long steps = 0;
    for (;;) {
        if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0)
            return -1;
        if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
            return -1;
        if (WSTOPSIG(status) == SIGSTOP)
            return steps;
        if (WSTOPSIG(status) != SIGTRAP)
            return -1;
        steps++;
    }
}

long test_count_steps(void (*prepare)(void *), void (*operate)(void *),
                      void *arg)
{
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        be_stepped(prepare, operate, arg);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    if (!WIFSTOPPED(status)) {
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 9);
        return -1;
    }
    long steps = WSTOPSIG(status) == SIGSTOP ? step(pid) : -1;
    kill(pid, SIGKILL);
    wait_for(pid);
    return steps;
}
