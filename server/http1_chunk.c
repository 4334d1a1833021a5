/* SPDX-License-Identifier: BSD-2-Clause */
/* http1_chunk.c - see http1_chunk.h. */
#include "http1_chunk.h"

#include <stdbool.h>

#include "text.h"

enum state {
    SIZE_FIRST, /* at the first digit */
    SIZE,       /* at a further one, a semicolon or the CR */
    EXTENSION,  /* from the semicolon on */
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    DONE,
    REFUSED
};

#define LINE_BYTES 1024 /* a size with its extensions */

void http1_chunk_begin(struct http1_chunk *c, uint64_t body_limit,
                       size_t block_limit, size_t fields_limit)
{
    *c = (struct http1_chunk){.state = SIZE_FIRST, .body_limit = body_limit};
    http1_scan_trailers(&c->trailers, block_limit, fields_limit);
}

static void refuse(struct http1_chunk *c, unsigned status, const char *why)
{
    c->state = REFUSED;
    c->status = status;
    c->why = why;
}

static void expect(struct http1_chunk *c, char byte, char wanted, int next)
{
    if (byte == wanted)
        c->state = next;
    else
        refuse(c, 400, "A chunk is not ended by CR and LF.");
}

static void end_of_size(struct http1_chunk *c, char byte)
{
    bool last = c->left == 0;

    expect(c, byte, '\n', last ? TRAILERS : DATA);
    c->in_line = 0;
    if (c->left > c->body_limit - c->total)
        refuse(c, 413, NULL);
    else
        c->total += c->left;
}

static bool count_line(struct http1_chunk *c, size_t n)
{
    c->in_line += n;
    if (c->in_line > LINE_BYTES)
        refuse(c, 400, "The line with a chunk's size is too long.");
    return c->state != REFUSED;
}

static void step_size(struct http1_chunk *c, char byte)
{
    int digit = text_hex(byte);

    if (!count_line(c, 1))
        return;
    if (digit >= 0) {
        c->left = (c->state == SIZE ? c->left << 4 : 0) + (unsigned)digit;
        c->state = SIZE;
        if (c->left > c->body_limit)
            refuse(c, 413, NULL);
    } else if (c->state == SIZE && byte == '\r') {
        c->state = SIZE_LF;
    } else {
        refuse(c, 400, "A chunk's size is malformed.");
    }
}

/* The bytes of an extension, up to the CR that ends its line. */
static size_t run_extension(struct http1_chunk *c, const char *at, size_t n)
{
    size_t used = 0;

    while (used < n && (at[used] == '\t' ||
                        ((unsigned char)at[used] >= 0x20 && at[used] != 0x7f)))
        used++;
    if (!count_line(c, used) || used == n)
        return used;
    if (at[used] == '\r')
        c->state = SIZE;
    else
        refuse(c, 400, "A chunk's extension holds a control byte.");
    return used;
}

static enum http1_scan_result result_of(const struct http1_chunk *c)
{
    return c->state < DONE    ? HTTP1_SCAN_MORE
           : c->state == DONE ? HTTP1_SCAN_DONE
                              : HTTP1_SCAN_REFUSED;
}

static size_t run_trailers(struct http1_chunk *c, const char *at, size_t n)
{
    size_t used;

    switch (http1_scan_run(&c->trailers, at, n, &used)) {
    case HTTP1_SCAN_MORE:
        break;
    case HTTP1_SCAN_DONE:
        c->state = DONE;
        break;
    case HTTP1_SCAN_REFUSED:
        refuse(c, c->trailers.status, c->trailers.why);
    }
    return used;
}

enum http1_scan_result http1_chunk_run(struct http1_chunk *c, const char *bytes,
                                       size_t n, size_t *used, size_t *plain)
{
    size_t at = 0;

    while (at < n && c->state < DONE) {
        size_t rest = n - at;
        if (c->state == SIZE && bytes[at] == ';')
            c->state = EXTENSION;
        if (c->state == EXTENSION) {
            *plain = at;
            *used = at + run_extension(c, bytes + at, rest);
            return result_of(c);
        }
        if (c->state == DATA) {
            size_t some = c->left < rest ? (size_t)c->left : rest;
            at += some;
            c->left -= some;
            if (c->left == 0)
                c->state = DATA_CR;
        } else if (c->state == TRAILERS) {
            at += run_trailers(c, bytes + at, rest);
        } else if (c->state == DATA_CR) {
            expect(c, bytes[at++], '\r', DATA_LF);
        } else if (c->state == DATA_LF) {
            expect(c, bytes[at++], '\n', SIZE_FIRST);
        } else if (c->state == SIZE_LF) {
            end_of_size(c, bytes[at++]);
        } else {
            step_size(c, bytes[at++]);
        }
    }
    *used = *plain = at;
    return result_of(c);
}
