/* SPDX-License-Identifier: BSD-2-Clause */
/* http1_scan.c - see http1_scan.h. A state for each place between two bytes. */
#include "http1_scan.h"

#include <stdbool.h>

#include "text.h"

enum state {
    START,        /* before a request line; one empty line is skipped */
    START_LF,     /* in that empty line */
    START_ONCE,   /* behind it */
    METHOD,       /* in the method */
    TARGET_START, /* behind the blank */
    TARGET,
    VERSION, /* in "HTTP/1.1" */
    LINE_LF, /* behind the request line's CR */
    FIELD,   /* at the start of a field line, or of the last, empty one */
    NAME,
    VALUE,
    VALUE_LF, /* behind a field line's CR */
    END_LF,   /* behind the last CR */
    DONE,
    REFUSED
};

/* The longest registered method has 17 letters. */
#define METHOD_BYTES 32

static bool is_token(unsigned char c)
{
    /* ! # $ % & ' * + - . 0-9, and A-Z ^ _ ` a-z | ~ */
    static const uint64_t set[2] = {0x03ff6cfa00000000, 0x57ffffffc7fffffe};

    return c < 128 && (set[c >> 6] >> (c & 63) & 1);
}

static bool is_target(unsigned char c)
{
    return c > 0x20 && c < 0x7f;
}

static bool is_value(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f) || c == '\t';
}

void http1_scan_head(struct http1_scan *s, size_t line_limit,
                     size_t block_limit, size_t fields_limit)
{
    *s = (struct http1_scan){.state = START,
                             .line_limit = line_limit,
                             .block_limit = block_limit,
                             .fields_limit = fields_limit};
}

void http1_scan_trailers(struct http1_scan *s, size_t block_limit,
                         size_t fields_limit)
{
    *s = (struct http1_scan){.state = FIELD,
                             .block_limit = block_limit,
                             .fields_limit = fields_limit};
}

static void refuse(struct http1_scan *s, unsigned status, const char *why)
{
    s->state = REFUSED;
    s->status = status;
    s->why = why;
}

static void bad(struct http1_scan *s, const char *why)
{
    refuse(s, 400, why);
}

/* What a byte that does not belong where it is should be called. */
static void bad_byte(struct http1_scan *s, unsigned char c, const char *why)
{
    if (c == '\n')
        bad(s, "A line feed without a carriage return before it.");
    else if (c == '\r')
        bad(s, "A carriage return in the middle of a line.");
    else if (c == '\0')
        bad(s, "A zero byte.");
    else
        bad(s, why);
}

static void expect_lf(struct http1_scan *s, unsigned char c, int next)
{
    if (c == '\n')
        s->state = next;
    else
        bad(s, "A carriage return without a line feed behind it.");
}

/* c at offset at, before a request line or in its first half */
static void step_method(struct http1_scan *s, unsigned char c, size_t at)
{
    switch (s->state) {
    case START:
    case START_ONCE:
        if (c == '\r' && s->state == START) {
            s->state = START_LF;
        } else if (is_token(c)) {
            s->state = METHOD;
            s->line = at;
        } else {
            bad_byte(s, c, "A request begins with a method.");
        }
        break;
    case START_LF:
        expect_lf(s, c, START_ONCE);
        break;
    case METHOD:
        if (at - s->line > METHOD_BYTES)
            refuse(s, 501, "This server knows no method of that length.");
        else if (c == ' ')
            s->state = TARGET_START;
        else if (!is_token(c))
            bad_byte(s, c, "The method holds a byte that is none of a name's.");
        break;
    default:
        s->target = at;
        s->state = TARGET;
        if (!is_target(c))
            bad_byte(s, c, "One blank stands between method and target.");
    }
}

static void step_version(struct http1_scan *s, unsigned char c, size_t at)
{
    static const char pattern[] = "HTTP/d.d";
    char wanted = pattern[s->digits];

    if (s->state == TARGET) {
        s->target_end = at;
        s->state = VERSION;
        if (c != ' ')
            bad_byte(s, c, "The target holds a byte that has to be escaped.");
    } else if (s->state == LINE_LF) {
        s->fields = at + 1;
        expect_lf(s, c, FIELD);
        if (s->state == FIELD && s->version != 10 && s->version != 11)
            refuse(s, 505, NULL);
    } else if (wanted == '\0') {
        s->state = LINE_LF;
        if (c != '\r')
            bad_byte(s, c, "Something stands behind the version.");
    } else if (wanted == 'd' && text_is_digit((char)c)) {
        s->version = s->version * 10 + (unsigned)(c - '0');
        s->digits++;
    } else if ((char)c == wanted) {
        s->digits++;
    } else {
        bad_byte(s, c, "The request line does not end in an HTTP version.");
    }
}

static void step_field(struct http1_scan *s, unsigned char c)
{
    switch (s->state) {
    case FIELD:
        if (c == '\r') {
            s->state = END_LF;
        } else if (is_token(c)) {
            s->state = NAME;
            if (++s->n_fields > s->fields_limit)
                refuse(s, 431, NULL);
        } else if (c == ' ' || c == '\t') {
            bad(s, s->n_fields ? "A folded field line."
                               : "White space before the first field.");
        } else {
            bad_byte(s, c, "A field line begins with a name.");
        }
        break;
    case NAME:
        if (c == ':')
            s->state = VALUE;
        else if (c == ' ' || c == '\t')
            bad(s, "White space in a field's name or behind it.");
        else
            bad_byte(s, c,
                     "A field's name holds a byte that is none of a "
                     "name's.");
        break;
    case VALUE:
        if (c == '\r')
            s->state = VALUE_LF;
        else
            bad_byte(s, c, "A field's value holds a control byte.");
        break;
    case VALUE_LF:
        expect_lf(s, c, FIELD);
        break;
    default:
        expect_lf(s, c, DONE);
    }
}

/* Over all that may follow without a change of state. */
static const char *skip(const struct http1_scan *s, const char *at,
                        const char *end)
{
    if (s->state == TARGET)
        while (at < end && is_target((unsigned char)*at))
            at++;
    else if (s->state == NAME || s->state == METHOD)
        while (at < end && is_token((unsigned char)*at))
            at++;
    else if (s->state == VALUE)
        while (at < end && is_value((unsigned char)*at))
            at++;
    return at;
}

static void check_limits(struct http1_scan *s)
{
    /* Too long a line is told even where the block is too long as well. */
    if (s->state == REFUSED && s->status != 431)
        return;
    if (s->state == METHOD && s->at - s->line > METHOD_BYTES) {
        refuse(s, 501, "This server knows no method of that length.");
        return;
    }
    if (s->line_limit && s->state >= METHOD) {
        size_t end = s->fields ? s->fields : s->at;
        if (end - s->line > s->line_limit) {
            refuse(s, 414, NULL);
            return;
        }
    }
    if (s->state >= FIELD && s->at - s->fields > s->block_limit)
        refuse(s, 431, NULL);
}

enum http1_scan_result http1_scan_run(struct http1_scan *s, const char *bytes,
                                      size_t n, size_t *used)
{
    const char *at = bytes, *end = bytes + n;
    size_t before = s->at;

    while (s->state < DONE) {
        at = skip(s, at, end);
        if (s->state == VERSION && s->digits == 0 && end - at >= 8 &&
            memcmp(at, "HTTP/1.1", 8) == 0) {
            at += 8;
            s->digits = 8;
            s->version = 11;
        }
        if (at == end)
            break;
        unsigned char c = (unsigned char)*at;
        size_t offset = before + (size_t)(at - bytes);
        at++;
        if (s->state <= TARGET_START)
            step_method(s, c, offset);
        else if (s->state <= LINE_LF)
            step_version(s, c, offset);
        else
            step_field(s, c);
    }
    *used = (size_t)(at - bytes);
    s->at = before + *used;
    check_limits(s);
    return s->state < DONE    ? HTTP1_SCAN_MORE
           : s->state == DONE ? HTTP1_SCAN_DONE
                              : HTTP1_SCAN_REFUSED;
}
