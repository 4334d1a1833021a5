/* SPDX-License-Identifier: BSD-2-Clause */
/* echo.c - see echo.h. */
#include "echo.h"

static bool respond(const struct location *where, struct service *s,
                    const struct request *q, struct response *r)
{
    (void)where;
    (void)s;
    /* Never as what it says it is: somebody's page could be sent here. */
    response_field(r, "Content-Type", text_of("application/octet-stream"));
    response_field(r, "X-Content-Type-Options", text_of("nosniff"));
    return q->body.length == 0 ||
           response_memory(r, q->body.at, q->body.length);
}

const struct handler echo_handler = {
    .name = "echo",
    .methods = METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_HEAD) |
               METHOD_BIT(METHOD_POST) | METHOD_BIT(METHOD_PUT) |
               METHOD_BIT(METHOD_DELETE) | METHOD_BIT(METHOD_PATCH) |
               METHOD_BIT(METHOD_OPTIONS),
    .wants_body = true,
    .respond = respond,
};
