/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H
/*
 * request.h - what a client asked for, whatever version of HTTP it spoke. All
 * texts lie in the request's pond and end with it.
 */
#include <pond/pond.h>

#include "text.h"

enum method {
    METHOD_UNKNOWN,
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_DELETE,
    METHOD_CONNECT,
    METHOD_OPTIONS,
    METHOD_TRACE,
    METHOD_PATCH,
    METHODS
};

#define METHOD_BIT(m) (1U << (m))

struct field {
    struct text name;
    struct text value; /* without white space around it */
};

struct request {
    pond *pond;
    enum method method;
    unsigned version;      /* 10 or 11; 0 while not known */
    struct text line;      /* as it came, for the log; may be cut short */
    struct text target;    /* as it came */
    struct text authority; /* host and port asked for; empty in some HTTP/1.0 */
    struct field *fields;
    size_t n_fields;

    /* The target, taken apart: "/a/./b%20c/?q" has the path "a/b c" and is a
     * folder. It never begins with a slash, and holds no empty part, no "."
     * and no "..". */
    const char *path; /* ends with a zero; NULL: it leads nowhere (a 404) */
    bool folder;      /* it ended in a slash */
    bool asterisk;    /* it was "*" */
    struct text query;

    bool keep_alive; /* the client would like to go on */
    bool has_body;
    bool awaits_continue; /* it sends its body when told to */
    struct text body;     /* for handlers that want it */

    /* Whether it has any of the fields that are rarely there. */
    bool conditional;     /* If-... */
    bool ranged;          /* Range, once */
    bool takes_encodings; /* Accept-Encoding */
    bool forwarded;       /* X-Forwarded-For */
};

/* METHOD_UNKNOWN when it is not one of RFC 9110 or PATCH. */
enum method method_of(struct text name);
const char *method_name(enum method m);

/* The value of the first field of that name (given in lower case); NULL: there
 * is none. */
const struct text *request_field(const struct request *q, const char *name);

/* Take q->target apart. Returns NULL, or what is wrong with it. *no_memory is
 * set when that is all. */
const char *request_parse_target(struct request *q, bool *no_memory);

/* Whether t is host [":" port] as RFC 3986 has it, with a host that is not
 * empty. */
bool authority_is_valid(struct text t);
#endif
