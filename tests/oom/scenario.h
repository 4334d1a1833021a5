/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_SCENARIO_H
#define POND_TEST_SCENARIO_H
/*
 * scenario.h - pieces of ordinary work with ponds, which test_oom.c runs while
 * the system refuses memory. Each must take a refusal as the header says,
 * leave nothing behind, and do all of it when nothing is refused.
 */
#include "support.h"

struct scenario {
    const char *name;
    void (*run)(void);
};

extern const struct scenario scenarios[];
extern const size_t n_scenarios;
extern const struct scenario scenarios_wide[]; /* of more than one pond */
extern const size_t n_scenarios_wide;
extern const struct scenario scenarios_pools[]; /* fixed, heap, slab */
extern const size_t n_scenarios_pools;
extern const struct scenario scenarios_rest[]; /* what is left */
extern const size_t n_scenarios_rest;

/* A refusal is right only when the system has refused something. */
bool refusal_is_due(void);

/* p, which may be NULL when a refusal is due. */
void *due(void *p);
/* The same, with the pond that was asked: pond_failed must tell. */
void *due_in(const pond *asked, void *p);

#endif
