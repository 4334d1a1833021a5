/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ENCODING_H
#define SERVER_ENCODING_H
/* encoding.h - which content codings a client takes: RFC 9110 section 12.5.3.
 */
#include "request.h"

/* Weights in thousandths; 0: not acceptable. */
struct encodings {
    unsigned gzip;
    unsigned brotli;
    unsigned identity; /* 0 also when nothing was said of it */
};

struct encodings encoding_parse(const struct request *q);
#endif
