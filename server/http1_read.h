/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_HTTP1_READ_H
#define SERVER_HTTP1_READ_H
/*
 * http1_read.h - bytes in, one request out. A reader lives in its request's
 * pond, and so does its buffer; bytes behind the request are handed on to the
 * next one's reader. Knows nothing of sockets.
 *
 *     buffer [ parsed | not yet parsed | free ]
 *            0        parsed           filled  capacity
 */
#include <llhttp.h>

#include "config.h"
#include "http1_check.h"
#include "http1_chunk.h"
#include "http1_scan.h"

enum http1_result {
    HTTP1_MORE,     /* bytes are needed: see http1_read_space */
    HTTP1_HEAD,     /* the head is there, told once; go on for the body */
    HTTP1_COMPLETE, /* the whole request is there */
    HTTP1_REFUSED,  /* status and why say what is wrong; it stays so */
    HTTP1_NO_MEMORY
};

struct http1_reader {
    struct request *request;
    const struct limits *limits;
    int stage;
    unsigned status; /* of the refusal */
    const char *why; /* of it, or NULL */
    char *buffer;
    size_t capacity;
    size_t filled;
    size_t parsed;
    size_t body_at;     /* where in the buffer its pieces are put */
    uint64_t body_left; /* of a body with a length */
    bool message_ended; /* says the parser */
    bool keep_body;     /* for the request */
    bool no_memory;     /* for it */
    size_t body_room;
    struct http1_scan scan;
    struct http1_framing framing;
    /* From here on only set where they are needed. */
    struct http1_chunk chunk;
    llhttp_t parser;
};

/* Begin to read q, with what was left of the last request's bytes. False when
 * out of memory. */
bool http1_read_begin(struct http1_reader *r, struct request *q,
                      const struct limits *limits, struct text rest);

/* Where the next bytes may be put, and how many; NULL when out of memory. Only
 * after HTTP1_MORE. */
char *http1_read_space(struct http1_reader *r, size_t *n);
void http1_read_filled(struct http1_reader *r, size_t n);

/* Keep the body, in q->body. To be called when the head is there. False: it is
 * known to be larger than the request's pond may be. */
bool http1_read_keep_body(struct http1_reader *r);

/* Whether bytes of the body have come already. */
bool http1_read_has_more(const struct http1_reader *r);

/* Go on with what is there. */
enum http1_result http1_read(struct http1_reader *r);

/* Refuse the request for a reason of the caller's (408). */
enum http1_result http1_read_refuse(struct http1_reader *r, unsigned status,
                                    const char *why);

/* Whether any byte has come yet; whether the head is all there. */
bool http1_read_begun(const struct http1_reader *r);
bool http1_read_in_body(const struct http1_reader *r);

/* The bytes behind the request, once it is complete. */
struct text http1_read_rest(const struct http1_reader *r);
#endif
