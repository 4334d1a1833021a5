/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - what is asked of the system: clocks, CPUs, memory, names. Linux
 * only, like the library.
 */
#include "bench.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_wall_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t clock_thread_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

double clock_pace_ns(void)
{
    uint64_t start = clock_thread_ns(), x = start;

    for (int i = 0; i < 20000; i++) {
        x = x * 6364136223846793005u + 1;
        __asm__ volatile("" : "+r"(x));
    }
    return (double)(clock_thread_ns() - start);
}

void sleep_us(unsigned us)
{
    struct timespec t = {us / 1000000, (long)(us % 1000000) * 1000};

    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

/* The CPUs that the process was given; read before the first pin changes it. */
static const cpu_set_t *allowed_cpus(void)
{
    static cpu_set_t allowed;
    static bool known;

    if (!known && sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        CPU_SET(0, &allowed);
    known = true;
    return &allowed;
}

void machine_unpin(void)
{
    sched_setaffinity(0, sizeof(cpu_set_t), allowed_cpus());
}

bool machine_pin(int which)
{
    const cpu_set_t *allowed = allowed_cpus();
    cpu_set_t one;

    for (size_t cpu = CPU_SETSIZE; cpu-- > 0;) {
        if (!CPU_ISSET(cpu, allowed) || which-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        return sched_setaffinity(0, sizeof(one), &one) == 0;
    }
    return false;
}

/* smaps_rollup counts exactly; statm is some pages late for each CPU. */
size_t rss_bytes(void)
{
    size_t kib = 0;
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[256];

    if (f == NULL)
        die("cannot read /proc/self/smaps_rollup: %s", strerror(errno));
    while (fgets(line, sizeof(line), f) != NULL)
        if (sscanf(line, "Rss: %zu kB", &kib) == 1)
            break;
    fclose(f);
    return kib * 1024;
}

void *table_map(size_t bytes)
{
    void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (table == MAP_FAILED)
        die("out of memory for a table of %zu bytes", bytes);
    return table;
}

static void cpu_name(char *name, size_t size)
{
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[512], *value;

    snprintf(name, size, "unknown");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "model name", 10) != 0 ||
            (value = strchr(line, ':')) == NULL)
            continue;
        value[strcspn(value, "\n")] = 0;
        snprintf(name, size, "%s", value + 2);
        break;
    }
    if (f != NULL)
        fclose(f);
}

void machine_read(struct machine *m)
{
    struct utsname u;

    cpu_name(m->cpu, sizeof(m->cpu));
    snprintf(m->kernel, sizeof(m->kernel), "unknown");
    if (uname(&u) == 0)
        snprintf(m->kernel, sizeof(m->kernel), "%.20s %.40s %.20s", u.sysname,
                 u.release, u.machine);
    snprintf(m->libc, sizeof(m->libc), "glibc %s", gnu_get_libc_version());
#ifdef __clang__
    snprintf(m->compiler, sizeof(m->compiler), "%s", __VERSION__);
#else
    snprintf(m->compiler, sizeof(m->compiler), "gcc %s", __VERSION__);
#endif
    m->n_cpus = CPU_COUNT(allowed_cpus());
}
