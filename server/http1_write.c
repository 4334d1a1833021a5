/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http1_write.c - see http1_write.h. The head's length is summed up before it
 * is written, so one allocation of the right size does.
 */
#include "http1_write.h"

#include <assert.h>

#define SERVER "pondserve"
/* Status line, Server, Date, Content-Length, Connection, the empty line. */
#define FIXED_BYTES 224

static char *put_bytes(char *at, const char *s, size_t n)
{
    memcpy(at, s, n);
    return at + n;
}

static char *put(char *at, const char *s)
{
    return put_bytes(at, s, strlen(s));
}

static char *put_number(char *at, uint64_t value)
{
    char digits[20];
    size_t n = sizeof(digits);

    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return put_bytes(at, digits + n, sizeof(digits) - n);
}

static size_t fields_length(const struct response *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_fields; i++)
        n += strlen(r->fields[i].name) + 2 + r->fields[i].value.length + 2;
    return n;
}

static bool has_length(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

static char *put_head(char *at, const struct response *r,
                      const char *connection, const struct loop_clock *clock)
{
    at = put(at, "HTTP/1.1 ");
    at = put_number(at, r->status);
    *at++ = ' ';
    at = put(at, status_phrase(r->status));
    at = put(at, "\r\nServer: " SERVER "\r\nDate: ");
    at = put_bytes(at, clock->http, DATE_HTTP_LENGTH);
    for (size_t i = 0; i < r->n_fields; i++) {
        at = put(at, "\r\n");
        at = put(at, r->fields[i].name);
        at = put(at, ": ");
        at = put_bytes(at, r->fields[i].value.at, r->fields[i].value.length);
    }
    if (has_length(r->status)) {
        at = put(at, "\r\nContent-Length: ");
        at = put_number(at, r->length);
    }
    return put(put(at, connection), "\r\n\r\n");
}

size_t http1_write(const struct response *r, const struct request *q,
                   bool close, const struct loop_clock *clock, struct output *o)
{
    size_t room = FIXED_BYTES + fields_length(r);
    struct part *head = pond_new(r->pond, struct part);
    char *bytes = pond_alloc(r->pond, room);
    const char *connection = close              ? "\r\nConnection: close"
                             : q->version == 10 ? "\r\nConnection: keep-alive"
                                                : "";

    if (!head || !bytes)
        return 0;
    size_t n = (size_t)(put_head(bytes, r, connection, clock) - bytes);
    assert(n <= room);
    *head = (struct part){.bytes = bytes, .length = n};
    output_append(o, head);
    if (q->method == METHOD_HEAD || !has_length(r->status))
        return n;
    for (struct part *p = r->first, *next; p; p = next) {
        next = p->next;
        output_append(o, p);
    }
    return n;
}
