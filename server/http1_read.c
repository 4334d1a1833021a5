/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http1_read.c - see http1_read.h. Three look at each request: http1_scan at
 * its bytes, llhttp at its framing, http1_check at what its fields mean. A
 * request passes when all agree, also on where it ends; llhttp is given exactly
 * the bytes that the scan has passed, the head in one piece, so that what it
 * finds are whole texts in the buffer.
 */
#include "http1_read.h"

#include <assert.h>

#define FIRST_BYTES 4096 /* of the buffer */
#define BODY_BYTES 2048  /* that should be free for each piece of a body */
#define LINE_LOGGED 2048 /* of a request line that was refused */

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_COMPLETE, STAGE_REFUSED };

/* ------------------------------------------------------ what llhttp finds */

static int on_field_name(llhttp_t *parser, const char *at, size_t n)
{
    struct http1_reader *r = parser->data;
    struct request *q = r->request;

    /* Trailers are looked at, and dropped. */
    if (r->stage != STAGE_HEAD)
        return 0;
    if (q->n_fields >= r->scan.n_fields)
        return -1;
    struct text *name = &q->fields[q->n_fields].name;
    name->at = name->length ? name->at : at;
    name->length += n;
    return 0;
}

static int on_field_value(llhttp_t *parser, const char *at, size_t n)
{
    struct http1_reader *r = parser->data;

    if (r->stage != STAGE_HEAD)
        return 0;
    struct text *value = &r->request->fields[r->request->n_fields].value;
    value->at = value->length ? value->at : at;
    value->length += n;
    return 0;
}

static int on_field_end(llhttp_t *parser)
{
    struct http1_reader *r = parser->data;
    struct request *q = r->request;

    if (r->stage != STAGE_HEAD)
        return 0;
    struct field *f = &q->fields[q->n_fields++];
    f->value = f->value.length ? text_trim(f->value) : text_of("");
    return 0;
}

static int on_head_end(llhttp_t *parser)
{
    struct http1_reader *r = parser->data;

    if (r->request->n_fields != r->scan.n_fields)
        return -1;
    r->status = http1_check(r->request, &r->framing, &r->why);
    /* Nobody here speaks another protocol: an upgrade is not taken up. */
    parser->upgrade = 0;
    return r->status ? -1 : 0;
}

static int on_message_end(llhttp_t *parser)
{
    struct http1_reader *r = parser->data;

    r->message_ended = true;
    return 0;
}

/* Of a body with a length all the room at once, else twice as much each time.
 */
static bool make_body_room(struct http1_reader *r, size_t n)
{
    struct text *body = &r->request->body;
    size_t room =
        r->framing.chunked ? 2 * r->body_room + n : (size_t)r->framing.length;

    if (r->body_room - body->length >= n)
        return true;
    char *bytes = pond_realloc(r->request->pond, (char *)(uintptr_t)body->at,
                               r->body_room, room);
    if (!bytes)
        return false;
    body->at = bytes;
    r->body_room = room;
    return true;
}

static int on_body(llhttp_t *parser, const char *at, size_t n)
{
    struct http1_reader *r = parser->data;
    struct text *body = &r->request->body;

    if (!r->keep_body)
        return 0;
    r->no_memory = !make_body_room(r, n);
    if (r->no_memory)
        return -1;
    memcpy((char *)(uintptr_t)body->at + body->length, at, n);
    body->length += n;
    return 0;
}

static const llhttp_settings_t settings = {
    .on_header_field = on_field_name,
    .on_header_value = on_field_value,
    .on_header_value_complete = on_field_end,
    .on_headers_complete = on_head_end,
    .on_body = on_body,
    .on_message_complete = on_message_end,
};

/* ---------------------------------------------------------------- refusing */

/* For the log, which also wants to know of lines that never ended. */
static void note_line(struct http1_reader *r)
{
    struct text t = {r->buffer + r->scan.line, r->filled - r->scan.line};
    size_t n = 0;

    t.length = t.length < LINE_LOGGED ? t.length : LINE_LOGGED;
    if (r->scan.fields >= 2)
        n = r->scan.fields - 2 - r->scan.line;
    else
        while (n < t.length && t.at[n] != '\r' && t.at[n] != '\n')
            n++;
    r->request->line = (struct text){t.at, n};
}

/* As HEAD wants no body of a refusal either, wherever that came. */
static void note_method(struct http1_reader *r)
{
    struct request *q = r->request;
    const char *b = r->buffer;

    if (r->scan.target && q->method == METHOD_UNKNOWN)
        q->method =
            method_of(text_between(b + r->scan.line, b + r->scan.target - 1));
}

enum http1_result http1_read_refuse(struct http1_reader *r, unsigned status,
                                    const char *why)
{
    if (r->stage == STAGE_HEAD) {
        note_line(r);
        note_method(r);
    }
    r->stage = STAGE_REFUSED;
    r->status = status;
    r->why = why;
    r->request->keep_alive = false;
    return HTTP1_REFUSED;
}

static enum http1_result malformed(struct http1_reader *r)
{
    return http1_read_refuse(r, 400, NULL);
}

/* ---------------------------------------------------------------- the head */

static bool feed(struct http1_reader *r, size_t from, size_t to)
{
    return llhttp_execute(&r->parser, r->buffer + from, to - from) == HPE_OK;
}

static void take_line(struct http1_reader *r)
{
    struct request *q = r->request;
    const char *b = r->buffer;

    note_line(r);
    q->target = text_between(b + r->scan.target, b + r->scan.target_end);
    q->version = r->scan.version;
}

/* The whole head has passed the scan. */
static enum http1_result parse_head(struct http1_reader *r)
{
    struct request *q = r->request;
    bool no_memory = false;

    take_line(r);
    const char *why = request_parse_target(q, &no_memory);
    if (no_memory)
        return HTTP1_NO_MEMORY;
    if (why)
        return http1_read_refuse(r, 400, why);
    q->fields = pond_calloc(q->pond, r->scan.n_fields, sizeof(*q->fields));
    if (!q->fields)
        return HTTP1_NO_MEMORY;
    llhttp_init(&r->parser, HTTP_REQUEST, &settings);
    r->parser.data = r;
    bool passed = feed(r, r->scan.line, r->parsed);
    if (r->status)
        return http1_read_refuse(r, r->status, r->why);
    if (!passed || r->message_ended == q->has_body)
        return malformed(r);
    if (r->framing.length > r->limits->body)
        return http1_read_refuse(r, 413, NULL);
    r->body_left = r->framing.length;
    if (r->framing.chunked)
        http1_chunk_begin(&r->chunk, r->limits->body, r->limits->field_block,
                          r->limits->fields);
    r->body_at = r->parsed;
    r->stage = q->has_body ? STAGE_BODY : STAGE_COMPLETE;
    return HTTP1_HEAD;
}

static bool is_served(struct http1_reader *r)
{
    const struct request *q = r->request;

    note_method(r);
    return q->method != METHOD_UNKNOWN && q->method != METHOD_CONNECT;
}

static enum http1_result read_head(struct http1_reader *r)
{
    struct http1_scan *s = &r->scan;
    size_t used;
    enum http1_scan_result result =
        http1_scan_run(s, r->buffer + r->parsed, r->filled - r->parsed, &used);

    r->parsed += used;
    if (result == HTTP1_SCAN_REFUSED)
        return http1_read_refuse(r, s->status, s->why);
    if (s->fields && r->request->method == METHOD_UNKNOWN && !is_served(r))
        return http1_read_refuse(r, 501, NULL);
    return result == HTTP1_SCAN_DONE ? parse_head(r) : HTTP1_MORE;
}

/* ---------------------------------------------------------------- the body */

/* Some of the body: all that is there, or up to a chunk's extension. */
static enum http1_result read_piece(struct http1_reader *r)
{
    size_t n = r->filled - r->parsed, used, plain;
    enum http1_scan_result result;

    if (r->framing.chunked) {
        result =
            http1_chunk_run(&r->chunk, r->buffer + r->parsed, n, &used, &plain);
        if (result == HTTP1_SCAN_REFUSED)
            return http1_read_refuse(r, r->chunk.status, r->chunk.why);
    } else {
        used = plain = r->body_left < n ? (size_t)r->body_left : n;
        r->body_left -= used;
        result = r->body_left ? HTTP1_SCAN_MORE : HTTP1_SCAN_DONE;
    }
    bool passed = feed(r, r->parsed, r->parsed + plain);
    r->parsed += used;
    if (r->no_memory)
        return HTTP1_NO_MEMORY;
    if (!passed || r->message_ended != (result == HTTP1_SCAN_DONE))
        return malformed(r);
    if (result == HTTP1_SCAN_MORE)
        return HTTP1_MORE;
    r->stage = STAGE_COMPLETE;
    return HTTP1_COMPLETE;
}

static enum http1_result read_body(struct http1_reader *r)
{
    enum http1_result result;

    do
        result = read_piece(r);
    while (result == HTTP1_MORE && r->parsed < r->filled);
    return result;
}

enum http1_result http1_read(struct http1_reader *r)
{
    switch (r->stage) {
    case STAGE_HEAD:
        return read_head(r);
    case STAGE_BODY:
        return read_body(r);
    case STAGE_COMPLETE:
        return HTTP1_COMPLETE;
    default:
        return HTTP1_REFUSED;
    }
}

/* -------------------------------------------------------------- the buffer */

bool http1_read_begin(struct http1_reader *r, struct request *q,
                      const struct limits *limits, struct text rest)
{
    size_t capacity = rest.length > FIRST_BYTES ? rest.length : FIRST_BYTES;

    memset(r, 0, offsetof(struct http1_reader, chunk));
    r->request = q;
    r->limits = limits;
    http1_scan_head(&r->scan, limits->request_line, limits->field_block,
                    limits->fields);
    r->buffer = pond_alloc(q->pond, capacity);
    if (!r->buffer)
        return false;
    r->capacity = capacity;
    r->filled = rest.length;
    if (rest.length)
        memcpy(r->buffer, rest.at, rest.length);
    return true;
}

/* The head has to stay in one piece; the scan's limits bound its growth. */
static bool grow(struct http1_reader *r)
{
    char *buffer =
        pond_realloc(r->request->pond, r->buffer, r->capacity, 2 * r->capacity);

    if (!buffer)
        return false;
    r->buffer = buffer;
    r->capacity *= 2;
    return true;
}

/* The head keeps its place, and the pieces of the body follow each other behind
 * it, or in a buffer of their own where little is left there. */
static bool make_room_for_body(struct http1_reader *r)
{
    assert(r->parsed == r->filled);
    if (r->capacity - r->body_at < BODY_BYTES) {
        char *buffer = pond_alloc(r->request->pond, FIRST_BYTES);
        if (!buffer)
            return false;
        r->buffer = buffer;
        r->capacity = FIRST_BYTES;
        r->body_at = 0;
    }
    r->filled = r->parsed = r->body_at;
    return true;
}

char *http1_read_space(struct http1_reader *r, size_t *n)
{
    bool ok = r->stage == STAGE_BODY ? make_room_for_body(r)
                                     : r->filled < r->capacity || grow(r);

    if (!ok)
        return NULL;
    *n = r->capacity - r->filled;
    return r->buffer + r->filled;
}

void http1_read_filled(struct http1_reader *r, size_t n)
{
    assert(n <= r->capacity - r->filled);
    r->filled += n;
}

bool http1_read_keep_body(struct http1_reader *r)
{
    r->keep_body = true;
    return r->framing.length <= r->limits->request_pond;
}

bool http1_read_has_more(const struct http1_reader *r)
{
    return r->filled > r->parsed;
}

bool http1_read_begun(const struct http1_reader *r)
{
    return r->filled > 0;
}

bool http1_read_in_body(const struct http1_reader *r)
{
    return r->stage == STAGE_BODY;
}

struct text http1_read_rest(const struct http1_reader *r)
{
    return (struct text){r->buffer + r->parsed, r->filled - r->parsed};
}
