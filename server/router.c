/* SPDX-License-Identifier: BSD-2-Clause */
/* router.c - see router.h. */
#include "router.h"

static bool lies_under(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);

    return n == 0 || (strncmp(path, prefix, n) == 0 &&
                      (path[n] == '\0' || path[n] == '/'));
}

static const struct location *find(const struct router *router,
                                   const char *path)
{
    for (size_t i = 0; i < router->n_locations; i++)
        if (lies_under(path, router->locations[i].prefix))
            return &router->locations[i];
    return NULL;
}

/* "GET, HEAD, OPTIONS" */
static bool add_allow(struct response *r, unsigned methods)
{
    char *list = pond_alloc(r->pond, 64), *at = list;

    if (!list)
        return false;
    for (int m = METHOD_UNKNOWN + 1; m < METHODS; m++) {
        if (!(methods & METHOD_BIT(m)))
            continue;
        const char *name = method_name((enum method)m);
        size_t n = strlen(name);
        if (at > list) {
            memcpy(at, ", ", 2);
            at += 2;
        }
        memcpy(at, name, n);
        at += n;
    }
    response_field(r, "Allow", text_between(list, at));
    return true;
}

bool router_reads_body(const struct router *router, const struct request *q)
{
    const struct location *where = q->path ? find(router, q->path) : NULL;

    return where && where->handler->methods & METHOD_BIT(q->method);
}

bool router_respond(const struct router *router, const struct request *q,
                    struct response *r)
{
    const struct location *where = q->path ? find(router, q->path) : NULL;

    if (!where)
        return response_page(r, 404, NULL);
    unsigned served = where->handler->methods;
    if (served & METHOD_BIT(q->method))
        return where->handler->respond(where, q, r);
    if (!add_allow(r, served | METHOD_BIT(METHOD_OPTIONS)))
        return false;
    if (q->method == METHOD_OPTIONS) {
        r->status = 204;
        return true;
    }
    return response_page(r, 405, NULL);
}
