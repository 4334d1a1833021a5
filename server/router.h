/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H
/*
 * router.h - which handler answers a request. A site is chosen by the host
 * that was asked for, a location within it by the path; the answers that
 * depend on no file (405, OPTIONS) are given here.
 */
#include "request.h"
#include "response.h"

struct location;
struct service;

/* Something that can answer. */
struct handler {
    const char *name;
    unsigned
        methods;     /* served, as METHOD_BIT; OPTIONS need not be among them */
    bool wants_body; /* it is called when the whole body is there */
    /* Fill the response. False when out of memory. */
    bool (*respond)(const struct location *where, struct service *s,
                    const struct request *q, struct response *r);
};

struct error_page {
    struct error_page *next;
    unsigned status;
    const char *path; /* as it would be asked for */
};

struct location {
    struct location *next; /* longer paths come first */
    const char *path;      /* decoded, without slashes at its ends */
    const struct handler *handler;
    void *options;                       /* the handler's */
    const struct response_field *fields; /* added to what is not an error */
    size_t n_fields;
};

struct site_name {
    struct site_name *next;
    const char *name; /* in lower case; "*.example.org" stands for all below */
};

struct site {
    struct site *next;
    struct site_name *names;
    struct location *locations; /* the last is "" */
    struct error_page *pages;
};

struct router {
    struct site *sites; /* the first answers for hosts that nobody has */
};

/* Whether somebody will look at the request's body (ROUTE_WANTED), or at least
 * wait for its end; if not, the request is answered when its head is there. */
enum route { ROUTE_NO_BODY, ROUTE_DROPPED, ROUTE_WANTED };
enum route router_route(const struct router *router, const struct request *q);

/* Have the request answered. False when out of memory. */
bool router_respond(const struct router *router, struct service *s,
                    const struct request *q, struct response *r);
#endif
