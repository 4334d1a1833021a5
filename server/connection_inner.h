/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONNECTION_INNER_H
#define SERVER_CONNECTION_INNER_H
/*
 * connection_inner.h - what the files connection*.c share, and nobody else. A
 * connection is in one of these states, each with a step that is repeated until
 * it has to wait:
 *
 *     (PROXIED) > READING ---- answer ----> SENDING -- last --> LINGERING
 *                    ^-------- next request ---'                or the end
 */
#include "batch.h"
#include "connection.h"
#include "exchange.h"

enum state { PROXIED, READING, SENDING, LINGERING };

enum step {
    STEP_ON,   /* take the next step */
    STEP_WAIT, /* for the socket */
    STEP_TURN, /* for the others to have theirs */
    STEP_END
};

struct connection {
    struct source source;
    struct deadline deadline;
    struct link link; /* on the service's list */
    struct service *service;
    pond *pond;
    struct exchange *exchange; /* the oldest unfinished one; NULL: idle */
    struct batch *batch;       /* answers not yet sent; NULL: none */
    struct output output;
    size_t drained; /* bytes thrown away while lingering */
    size_t n_requests;
    union peer peer;
    uint8_t state;
    uint8_t kind;  /* of the deadline that is set */
    bool readable; /* the socket, as far as we know */
    bool writable; /* likewise */
    bool hung_up;  /* a short read may be followed by the end */
    bool at_end;   /* the client has said all it will */
    bool counted;  /* by the census */
    bool moved;    /* bytes went in or out since the deadline was set */
};

/* The pond's one block of 512 bytes has to hold this and the pond's handle. */
_Static_assert(sizeof(struct connection) <= 256, "a connection stays small");

/* connection.c */
void connection_set_deadline(struct connection *c, enum deadline_kind kind);

/* connection_read.c */
enum step connection_read(struct connection *c);
/* End the exchange; what was read beyond it is the next one's. */
enum step connection_next_exchange(struct connection *c);

/* connection_send.c */
enum step connection_send(struct connection *c);
enum step connection_linger(struct connection *c);
void connection_begin_to_send(struct connection *c);
void connection_drop_exchange(struct connection *c);
void connection_log_exchange(struct connection *c);
/* Answer with ready-made words, as there is no memory for others, and stop. */
enum step connection_give_up(struct connection *c, unsigned status);
#endif
