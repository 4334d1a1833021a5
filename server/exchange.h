/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H
/*
 * exchange.h - one request with its answer, all in one pond of its own.
 */
#include "http1_read.h"
#include "log.h"
#include "service.h"

struct exchange {
    pond *pond;
    struct request request;
    struct response response;
    struct http1_reader reader;
    struct part go_on; /* "100 Continue" */
    union peer peer;   /* whom a trusted proxy speaks for, else the proxy */
    bool answered;     /* its answer is in the output */
    bool timed;        /* the deadline for its head is set */
    bool close;        /* the connection ends with it */
    bool unread;       /* its body was not read to the end */
    size_t head;       /* bytes of output before its body */
};

/* A new one in a child of parent, with the bytes left over from the last. NULL
 * when out of memory. */
struct exchange *exchange_begin(pond *parent, const struct service *s,
                                const union peer *peer, struct text rest);
void exchange_end(struct exchange *x);

/*
 * exchange_answer - make the response to what the reader has found (a request
 * or a refusal), and append it to o.
 * last     the connection ends with it, whatever the client would like
 * Returns  false when out of memory; what is in o is then of no use
 */
bool exchange_answer(struct exchange *x, struct service *s,
                     enum http1_result found, bool last, struct output *o);

/* Tell the client to send its body. */
void exchange_go_on(struct exchange *x, struct output *o);

/* The status when the reader has found no memory: its own limit's, or 503. */
unsigned exchange_status_when_full(const struct exchange *x,
                                   const struct limits *limits);

/* Count a request, and write its line to the log. q NULL: nothing is known of
 * it. body: bytes sent of the body. */
void exchange_log(const struct request *q, struct service *s,
                  const union peer *peer, unsigned status, uint64_t body);
#endif
