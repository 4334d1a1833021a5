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
#define CHUNK_HEAD 8 /* its size and CRLF */
#define CHUNK_BYTES 8192

static char *put_bytes(char *at, const char *s, size_t n)
{
    memcpy(at, s, n);
    return at + n;
}

static inline char *put(char *at, const char *s)
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

/* A stream as chunks: each is made when the one before it is sent. */
struct chunks {
    struct part part;
    struct stream *stream;
    bool ended;
    char buffer[CHUNK_HEAD + CHUNK_BYTES + 2 + 5];
};

static enum refill next_chunk(struct part *p)
{
    static const char hex[] = "0123456789abcdef";
    struct chunks *c = (struct chunks *)p;
    char *data = c->buffer + CHUNK_HEAD, *at = data;

    if (c->ended)
        return REFILL_END;
    ssize_t n = c->stream->read(c->stream, data, CHUNK_BYTES);
    if (n < 0)
        return REFILL_FAILED;
    c->ended = n < CHUNK_BYTES;
    if (n > 0) {
        char *end = data + n;
        *--at = '\n';
        *--at = '\r';
        for (size_t size = (size_t)n; size; size >>= 4)
            *--at = hex[size & 15];
        end = put_bytes(end, "\r\n", 2);
        p->length = (size_t)(end - at);
    }
    if (c->ended) {
        put_bytes(at + p->length, "0\r\n\r\n", 5);
        p->length += 5;
    }
    p->bytes = at;
    return REFILL_MORE;
}

static bool add_chunks(const struct response *r, struct output *o)
{
    struct chunks *c = pond_new(r->pond, struct chunks);

    if (!c)
        return false;
    c->part = (struct part){.refill = next_chunk};
    c->stream = r->stream;
    c->ended = false;
    if (next_chunk(&c->part) == REFILL_FAILED)
        return false;
    if (c->ended)
        c->part.refill = NULL; /* nothing but memory: it may be copied */
    output_append(o, &c->part);
    return true;
}

static size_t fields_length(const struct response_field *f, size_t n)
{
    size_t length = 0;

    for (size_t i = 0; i < n; i++)
        length += f[i].name.length + 2 + f[i].value.length + 2;
    return length;
}

static char *put_fields(char *at, const struct response_field *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        at = put_bytes(at, "\r\n", 2);
        at = put_bytes(at, f[i].name.at, f[i].name.length);
        at = put_bytes(at, ": ", 2);
        at = put_bytes(at, f[i].value.at, f[i].value.length);
    }
    return at;
}

static bool has_length(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

/* What every answer begins with. */
static char *put_status(char *at, unsigned status,
                        const struct loop_clock *clock)
{
    at = put(at, "HTTP/1.1 ");
    at = put_number(at, status);
    *at++ = ' ';
    at = put(at, status_phrase(status));
    at = put(at, "\r\nServer: " SERVER "\r\nDate: ");
    return put_bytes(at, clock->http, DATE_HTTP_LENGTH);
}

static char *put_head(char *at, const struct response *r,
                      const char *connection, const struct loop_clock *clock)
{
    at = put_status(at, r->status, clock);
    at = put_fields(at, r->fields, r->n_fields);
    at = put_fields(at, r->extra, r->n_extra);
    if (r->stream) {
        at = put(at, "\r\nTransfer-Encoding: chunked");
    } else if (has_length(r->status) && !r->unsized) {
        at = put(at, "\r\nContent-Length: ");
        at = put_number(at, r->length);
    }
    return put(put(at, connection), "\r\n\r\n");
}

size_t http1_write(const struct response *r, const struct request *q,
                   bool close, const struct loop_clock *clock, struct output *o)
{
    size_t room = FIXED_BYTES + fields_length(r->fields, r->n_fields) +
                  fields_length(r->extra, r->n_extra);
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
    if (r->stream)
        return add_chunks(r, o) ? n : 0;
    for (struct part *p = r->first, *next; p; p = next) {
        next = p->next;
        output_append(o, p);
    }
    return n;
}

size_t http1_write_last_words(char *to, unsigned status,
                              const struct loop_clock *clock)
{
    char *at = put_status(to, status, clock);

    if (status == 503)
        at = put(at, "\r\nRetry-After: 1");
    at = put(at, "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return (size_t)(at - to);
}
