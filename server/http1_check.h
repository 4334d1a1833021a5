/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_HTTP1_CHECK_H
#define SERVER_HTTP1_CHECK_H
/*
 * http1_check.h - what the fields of an HTTP/1 head mean for the message
 * itself: whose it is (Host), how long its body is, whether the connection
 * goes on. What could be read in two ways is refused.
 */
#include "request.h"

struct http1_framing {
    bool chunked;
    uint64_t length; /* of the body, when not chunked */
};

/*
 * http1_check - fill what of q depends on its fields, and the framing.
 * Returns 0, or the status to refuse it with; *why is then set, or NULL.
 */
unsigned http1_check(struct request *q, struct http1_framing *f,
                     const char **why);
#endif
