/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H
/*
 * router.h - which handler answers a request. A location is a prefix of the
 * path and a handler with a state of its own; the answers that depend on no
 * file (405, OPTIONS) are given here.
 */
#include "request.h"
#include "response.h"

struct location;

/* Something that can answer. */
struct handler {
    const char *name;
    unsigned
        methods; /* served, as METHOD_BIT; OPTIONS need not be among them */
    /* Fill the response. False when out of memory. */
    bool (*respond)(const struct location *where, const struct request *q,
                    struct response *r);
};

struct location {
    const char *prefix; /* of the decoded path, without a leading slash */
    const struct handler *handler;
    void *state; /* the handler's, living at least as long */
};

struct router {
    const struct location *locations; /* longest prefix first */
    size_t n_locations;
};

/* Whether somebody will look at the request's body, or at least wait for its
 * end; if not, the request is answered when its head is there. */
bool router_reads_body(const struct router *router, const struct request *q);

/* Have the request answered. False when out of memory. */
bool router_respond(const struct router *router, const struct request *q,
                    struct response *r);
#endif
