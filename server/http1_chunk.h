/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_HTTP1_CHUNK_H
#define SERVER_HTTP1_CHUNK_H
/*
 * http1_chunk.h - the strict look at the bytes of a chunked body, as they
 * arrive: sizes, extensions, the CRLF behind each piece, trailers. It finds
 * where the message ends; taking out the data is the parser's work.
 */
#include "http1_scan.h"

struct http1_chunk {
    int state;
    uint64_t left;       /* of this chunk, or its size while that is read */
    uint64_t total;      /* data bytes announced so far */
    uint64_t body_limit; /* for total */
    size_t in_line;      /* bytes of the size line seen */
    struct http1_scan trailers;
    unsigned status; /* why it was refused */
    const char *why;
};

void http1_chunk_begin(struct http1_chunk *c, uint64_t body_limit,
                       size_t block_limit, size_t fields_limit);

/*
 * http1_chunk_run - as http1_scan_run, but it also stops behind an extension,
 * with *used < n and HTTP1_SCAN_MORE.
 * *plain  of the bytes used, those before any extension: what the parser has
 *         to see (it refuses extensions with quoted values)
 */
enum http1_scan_result http1_chunk_run(struct http1_chunk *c, const char *bytes,
                                       size_t n, size_t *used, size_t *plain);
#endif
