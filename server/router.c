/* SPDX-License-Identifier: BSD-2-Clause */
/* router.c - see router.h. */
#include "router.h"

#include "files.h"

static bool lies_under(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);

    return n == 0 || (strncmp(path, prefix, n) == 0 &&
                      (path[n] == '\0' || path[n] == '/'));
}

/* The host of an authority, without its port and a dot at its end. */
static struct text host_of(struct text t)
{
    if (t.length == 0)
        return t; /* nobody's, and perhaps nowhere */
    const char *end = t.at + t.length, *at = end;

    while (at > t.at && text_is_digit(at[-1]))
        at--;
    if (at > t.at && at[-1] == ':')
        end = at - 1;
    if (end > t.at && end[-1] == '.')
        end--;
    return text_between(t.at, end);
}

static bool is_named(struct text host, const char *name)
{
    if (name[0] != '*')
        return text_is_nocase(host, name);
    size_t n = strlen(++name); /* ".example.org" */
    return host.length > n &&
           text_is_nocase((struct text){host.at + host.length - n, n}, name);
}

static const struct site *find_site(const struct router *router,
                                    const struct request *q)
{
    const struct site *first = router->sites;
    const struct site *wild = NULL;
    struct text host = host_of(q->authority);

    if (!first->next)
        return first;
    for (const struct site *s = first; s; s = s->next) {
        for (const struct site_name *n = s->names; n; n = n->next) {
            if (!is_named(host, n->name))
                continue;
            if (n->name[0] != '*')
                return s;
            wild = wild ? wild : s;
        }
    }
    return wild ? wild : first;
}

static const struct location *find_location(const struct site *s,
                                            const char *path)
{
    const struct location *l = s->locations;

    while (!lies_under(path, l->path))
        l = l->next;
    return l;
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

enum route router_route(const struct router *router, const struct request *q)
{
    if (!q->path)
        return ROUTE_NO_BODY;
    const struct handler *h =
        find_location(find_site(router, q), q->path)->handler;
    if (!(h->methods & METHOD_BIT(q->method)))
        return ROUTE_NO_BODY;
    return h->wants_body ? ROUTE_WANTED : ROUTE_DROPPED;
}

static bool answer(const struct location *where, struct service *s,
                   const struct request *q, struct response *r)
{
    unsigned served = where->handler->methods;

    if (served & METHOD_BIT(q->method) && !q->asterisk)
        return where->handler->respond(where, s, q, r);
    if (!add_allow(r, served | METHOD_BIT(METHOD_OPTIONS)))
        return false;
    if (q->method == METHOD_OPTIONS) {
        r->status = 204;
        return true;
    }
    return response_page(r, 405, NULL);
}

/* An error may have a page of the site's own. */
static bool add_error_page(const struct site *site, struct service *s,
                           const struct request *q, struct response *r)
{
    for (const struct error_page *page = site->pages; page; page = page->next)
        if (page->status == r->status)
            return files_error_page(find_location(site, page->path), s, q,
                                    page->path, r);
    return true;
}

bool router_respond(const struct router *router, struct service *s,
                    const struct request *q, struct response *r)
{
    const struct site *site = find_site(router, q);

    if (!q->path) {
        if (!response_page(r, 404, NULL))
            return false;
    } else {
        const struct location *where = find_location(site, q->path);
        if (!answer(where, s, q, r))
            return false;
        r->extra = where->fields;
        r->n_extra = where->n_fields;
    }
    if (r->status < 400)
        return true;
    r->n_extra = 0;
    return add_error_page(site, s, q, r);
}
