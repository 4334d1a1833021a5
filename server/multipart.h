/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_MULTIPART_H
#define SERVER_MULTIPART_H
/* multipart.h - several ranges in one body: RFC 9110 section 14.6. */
#include "range.h"
#include "response.h"

struct multipart {
    struct response *response;
    uint64_t size;    /* of the whole file */
    struct text type; /* of the file; at the end that of the body */
    char boundary[40];
};

/* "bytes 0-4/10"; NULL when out of memory. */
const char *multipart_range(struct multipart *m, const struct range *range);

/* Add what stands before a part, and behind the last. False when out of
 * memory. */
bool multipart_next(struct multipart *m, const struct range *range);
bool multipart_end(struct multipart *m);
#endif
