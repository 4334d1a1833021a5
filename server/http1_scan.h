/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_HTTP1_SCAN_H
#define SERVER_HTTP1_SCAN_H
/*
 * http1_scan.h - the strict look at the bytes of a head, as they arrive, by
 * RFC 9112: what passes is one request line and whole field lines, each ended
 * by CRLF, with nothing in them that two readers might read differently. It
 * judges single lines only; what fields mean is for http1_check.h.
 *
 *     GET /path?query HTTP/1.1 CR LF
 *     ^line ^target   ^version
 *     Name: value CR LF
 *     ^fields
 *     CR LF
 *          ^end
 *
 * Keeps no bytes and needs none of those it has seen, so the same scan reads
 * the trailers of a chunked body.
 */
#include <stddef.h>
#include <stdint.h>

enum http1_scan_result {
    HTTP1_SCAN_MORE, /* so far, so good */
    HTTP1_SCAN_DONE, /* the empty line at the end has been seen */
    HTTP1_SCAN_REFUSED
};

struct http1_scan {
    int state;
    /* The limits, in bytes and lines. */
    size_t line_limit;
    size_t block_limit;
    size_t fields_limit;
    /* Offsets from the first byte scanned; 0 while not yet reached. */
    size_t at; /* bytes scanned */
    size_t line;
    size_t target;
    size_t target_end;
    size_t fields;
    size_t n_fields;
    unsigned version; /* 10 or 11, once the request line is through */
    unsigned digits;  /* how far into "HTTP/1.1" */
    /* Why it was refused. */
    unsigned status;
    const char *why;
};

/* Begin with a request line, or, for trailers, with field lines. */
void http1_scan_head(struct http1_scan *s, size_t line_limit,
                     size_t block_limit, size_t fields_limit);
void http1_scan_trailers(struct http1_scan *s, size_t block_limit,
                         size_t fields_limit);

/* Go on with n further bytes; *used says how many were looked at, which is
 * fewer than n when the scan ends. Not to be called after its end. */
enum http1_scan_result http1_scan_run(struct http1_scan *s, const char *bytes,
                                      size_t n, size_t *used);
#endif
