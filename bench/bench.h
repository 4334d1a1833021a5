/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_H
#define BENCH_H
/*
 * bench.h - the words that all of pondbench shares.
 *
 *     workload   a piece of work with a name          catalogue.c
 *     body       the same, written once in terms of   workloads/NAME.h
 *                begin, alloc and end
 *     rival      an allocator: its begin, alloc, end, rivals/NAME.c
 *                and with them the bodies compiled
 *     round      one body compiled for one rival
 *
 * A rival's file defines a few static inline functions with fixed names and
 * then includes the bodies. So every body is compiled once for each rival,
 * with that rival's own fast path inlined and its calls direct; a table of
 * function pointers would have hidden just what is to be measured.
 *
 * This header is C and C++ (one rival is a C++ library), and knows no
 * allocator.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a round is told, and what its checked pass finds. */
struct work {
    unsigned repeat;  /* how many times to do it */
    uint64_t objects; /* checked pass: objects handed out */
    uint64_t bytes;   /* checked pass: bytes of them, all written */
    bool failed;      /* checked pass: an object was missing */
};

/* One workload of one rival: a timed one, or a program that prints figures. */
struct round {
    const char *workload;
    void (*timed)(struct work *w);   /* nothing but the work */
    void (*checked)(struct work *w); /* the same work, counted and written */
    void (*program)(void);           /* calls figure_print, runs once */
};

/* An allocator with its rounds. */
struct rival {
    const char *(*version)(void);
    void (*set_up)(void);                /* once in a process; may be NULL */
    const struct round *const rounds[8]; /* lists, each ended by a NULL name */
    const char *const setting;           /* how it is set up, in one phrase */
};

/* ---- machine.c: the clock, the CPUs, the memory, and what they are called */

enum { MACHINE_TEXT = 96 };

struct machine {
    char cpu[MACHINE_TEXT];
    char kernel[MACHINE_TEXT];
    char libc[MACHINE_TEXT];
    char compiler[MACHINE_TEXT];
    int n_cpus; /* that this process may use */
};

void machine_read(struct machine *m);
/* Pin the calling thread to the last (0) or last but one (1) allowed CPU. */
bool machine_pin(int which);
void machine_unpin(void);
uint64_t clock_wall_ns(void);
uint64_t clock_thread_ns(void); /* CPU time of the calling thread */
/* What a fixed piece of arithmetic takes just now: the CPU's pace, to set
 * against each other what was measured minutes apart. */
double clock_pace_ns(void);
void sleep_us(unsigned us);
size_t rss_bytes(void);
/* Zeroed memory that is resident already and is not the allocator's. */
void *table_map(size_t bytes);

/* ---- second.c: one other thread, kept, on a CPU of its own */

void second_start(void (*fn)(void *), void *arg);
void second_wait(void);

/* ---- sizes.c: the same random numbers on every machine */

enum { REQUEST_OBJECTS = 40, REQUEST_SEQUENCES = 64 };
extern uint16_t request_sizes[REQUEST_SEQUENCES][REQUEST_OBJECTS];
enum { SHUFFLED = 1024, SHUFFLES = 8, MIXED_SIZES = 16 * 1024 };
extern uint16_t shuffles[SHUFFLES][SHUFFLED]; /* 0 .. 1023 in random orders */
extern uint16_t mixed_sizes[MIXED_SIZES];
void sizes_set_up(void);

static inline uint32_t random_next(uint64_t *state)
{
    /* A PCG step: good enough to pick sizes and slots, and two lines. */
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state ^ (*state >> 22)) >> (22 + (*state >> 61)));
}

static inline uint32_t random_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(((uint64_t)random_next(state) * n) >> 32);
}

/* From 2^low to 2^high - 1: each power of two is as likely as the next, and
 * within it each size. */
static inline uint32_t random_size(uint64_t *state, unsigned low, unsigned high)
{
    uint32_t floor = (uint32_t)1 << (low + random_below(state, high - low));
    return floor + random_below(state, floor);
}

/* ---- what a program (a memory workload) may use */

extern bool bench_smoke;    /* quick: sizes and waits cut down */
extern unsigned bench_runs; /* what --runs said */
void figure_print(const char *key, double value);

#ifdef __cplusplus
__attribute__((noreturn))
#else
_Noreturn
#endif
void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif
#endif
