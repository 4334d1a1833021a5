/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONDITION_H
#define SERVER_CONDITION_H
/*
 * condition.h - whether a client already has what it asks for, or no longer
 * wants it: RFC 9110 section 13, in the order of its section 13.2.2.
 */
#include <time.h>

#include "request.h"

/* Returns 0 to go on, or 304 or 412. etag: strong, with its quotes. */
unsigned condition_check(const struct request *q, struct text etag,
                         time_t modified);

/* Whether ranges may be answered as If-Range has it: also without that. */
bool condition_allows_range(const struct request *q, struct text etag,
                            time_t modified);
#endif
