/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CENSUS_H
#define SERVER_CENSUS_H
/*
 * census.h - how many connections each address has. IPv6 addresses count by
 * their first 64 bits, which is what one client has at least.
 */
#include <pond/pond.h>

#include "trust.h"

struct census {
    pond *pond; /* of the table; a larger one is a new pond */
    struct count *table;
    size_t size; /* a power of two, or 0 */
    size_t used;
};

/* One more from that address. False when it would be more than most, or out of
 * memory. */
bool census_add(struct census *c, const union peer *p, size_t most);
void census_remove(struct census *c, const union peer *p);
void census_end(struct census *c);
#endif
