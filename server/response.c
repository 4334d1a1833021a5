/* SPDX-License-Identifier: BSD-2-Clause */
/* response.c - see response.h. */
#include "response.h"

struct status {
    unsigned code;
    const char *phrase;
    const char *why; /* for people, when nothing more exact is known */
};

static const struct status statuses[] = {
    {200, "OK", NULL},
    {204, "No Content", NULL},
    {206, "Partial Content", NULL},
    {301, "Moved Permanently", "The page is at another address."},
    {304, "Not Modified", NULL},
    {400, "Bad Request", "This server cannot make sense of the request."},
    {403, "Forbidden", "This file may not be read."},
    {404, "Not Found", "There is nothing here by that name."},
    {405, "Method Not Allowed", "This page can only be read."},
    {408, "Request Timeout", "The request took too long to arrive."},
    {412, "Precondition Failed", "The page is not as you expect it to be."},
    {413, "Content Too Large", "The request's body is too large."},
    {414, "URI Too Long", "The request line is too long."},
    {416, "Range Not Satisfiable", "The page has no such part."},
    {417, "Expectation Failed", "This server knows 100-continue alone."},
    {431, "Request Header Fields Too Large",
     "The request has too many or too large header fields."},
    {500, "Internal Server Error", "The page could not be read."},
    {501, "Not Implemented", "This server does not know how to do that."},
    {503, "Service Unavailable", "The server is busy; try again soon."},
    {505, "HTTP Version Not Supported", "This server speaks HTTP/1.0 and 1.1."},
};

static const struct status *find_status(unsigned code)
{
    static const struct status unknown = {0, "Unknown", NULL};

    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
        if (statuses[i].code == code)
            return &statuses[i];
    return &unknown;
}

const char *status_phrase(unsigned status)
{
    return find_status(status)->phrase;
}

void response_init(struct response *r, pond *p)
{
    /* The fields need no clearing. */
    r->pond = p;
    r->status = 200;
    r->n_fields = r->n_extra = 0;
    r->extra = NULL;
    r->length = 0;
    r->stream = NULL;
    r->unsized = false;
    r->first = r->last = NULL;
}

void response_drop_body(struct response *r)
{
    r->first = r->last = NULL;
    r->stream = NULL;
    r->length = 0;
    for (size_t i = 0; i < r->n_fields; i++)
        if (text_is(r->fields[i].name, "Content-Type"))
            r->fields[i--] = r->fields[--r->n_fields];
}

static bool add_part(struct response *r, struct part part)
{
    struct part *p = pond_new(r->pond, struct part);

    if (!p)
        return false;
    *p = part;
    if (r->last)
        r->last->next = p;
    else
        r->first = p;
    r->last = p;
    r->length += p->length;
    return true;
}

bool response_memory(struct response *r, const char *bytes, size_t length)
{
    return add_part(r, (struct part){.bytes = bytes, .length = length});
}

bool response_file(struct response *r, int fd, uint64_t offset, uint64_t length)
{
    return add_part(
        r, (struct part){.fd = fd, .offset = offset, .length = length});
}

bool response_page(struct response *r, unsigned status, const char *why)
{
    const struct status *s = find_status(status);

    r->status = status;
    response_drop_body(r);
    why = why ? why : s->why ? s->why : "";
    char *page = pond_printf(r->pond,
                             RESPONSE_PAGE "<title>%u %s</title>\n"
                                           "<h1>%s</h1>\n"
                                           "<p>%s</p>\n",
                             status, s->phrase, s->phrase, why);
    if (!page)
        return false;
    response_field(r, "Content-Type", text_of("text/html; charset=utf-8"));
    return response_memory(r, page, strlen(page));
}
