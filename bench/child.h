/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H
/*
 * child.h - this program again, in a process of its own: with another malloc
 * preloaded, or just with fresh memory. The parent asks, a line at a time; so
 * rounds of several processes can alternate on one CPU.
 */
#include "catalogue.h"
#include "rivals.h"

#include <stdio.h>
#include <sys/types.h>

struct child {
    const struct candidate *rival;
    pid_t pid;
    FILE *to, *from;
    char version[64];
};

/* Whether such a process can be had; false: its library is not installed. */
bool child_probe(const struct candidate *c, char version[64]);

void child_start(struct child *child, const struct candidate *c,
                 const char *workload);
uint64_t child_time(struct child *child, unsigned repeat);
void child_check(struct child *child, struct work *w);
/* Begin the program; then take its figures one by one, false at the end. */
void child_run(struct child *child);
bool child_figure(struct child *child, char key[64], double *value);
void child_end(struct child *child);

/* The other end: what "pondbench --as RIVAL WORKLOAD" does. */
int child_main(const char *rival, const char *workload);

/* One round, timed: CPU time of the thread, or wall time when there are two. */
uint64_t round_time(const struct round *r, const struct workload *w,
                    unsigned repeat);

#endif
