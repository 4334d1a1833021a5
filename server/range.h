/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_RANGE_H
#define SERVER_RANGE_H
/* range.h - which bytes of a file a client wants: RFC 9110 section 14. */
#include <stdint.h>

#include "text.h"

#define RANGES 16

struct range {
    uint64_t from;
    uint64_t length;
};

enum range_result {
    RANGE_WHOLE, /* no range of ours: answer with all of it */
    RANGE_PARTS, /* *n ranges are there, in the order asked for */
    RANGE_NONE   /* a 416 */
};

/* value: of the Range field. size: of the file. Malformed or unknown ranges,
 * overlapping ones and more than RANGES are as good as none. */
enum range_result range_parse(struct text value, uint64_t size,
                              struct range ranges[RANGES], size_t *n);
#endif
