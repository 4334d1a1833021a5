/* SPDX-License-Identifier: BSD-2-Clause */
/* http1_check.c - see http1_check.h; RFC 9112 sections 3.2, 6 and 9.3. */
#include "http1_check.h"

/* What has been seen of the fields that matter. */
struct seen {
    unsigned hosts;
    unsigned lengths;
    unsigned codings;  /* Transfer-Encoding fields */
    bool chunked;      /* the last coding so far */
    bool known_coding; /* one that exists, but not here */
    bool unknown_coding;
    bool close;
    bool keep_alive;
    bool awaits_continue;
    bool other_expectation;
    bool ranges;
};

static const char *check_host(const struct text *value, struct request *q,
                              struct seen *seen)
{
    if (seen->hosts++)
        return "There is more than one Host field.";
    if (!authority_is_valid(*value))
        return "The Host field is malformed.";
    if (q->authority.length == 0)
        q->authority = *value;
    return NULL;
}

static const char *check_length(struct text t, struct http1_framing *f,
                                struct seen *seen)
{
    if (seen->lengths++)
        return "There is more than one Content-Length field.";
    if (t.length == 0)
        return "The Content-Length field is empty.";
    f->length = 0;
    for (size_t i = 0; i < t.length; i++) {
        if (!text_is_digit(t.at[i]))
            return "The Content-Length field is not a number.";
        if (__builtin_mul_overflow(f->length, (uint64_t)10, &f->length) ||
            __builtin_add_overflow(f->length, (uint64_t)(t.at[i] - '0'),
                                   &f->length))
            return "The Content-Length field is too large a number.";
    }
    return NULL;
}

static bool is_known_coding(struct text t)
{
    return text_is_nocase(t, "gzip") || text_is_nocase(t, "x-gzip") ||
           text_is_nocase(t, "deflate") || text_is_nocase(t, "compress") ||
           text_is_nocase(t, "x-compress");
}

static const char *check_coding(struct text list, struct seen *seen)
{
    struct text coding;
    bool any = false;

    seen->codings++;
    while (text_next_item(&list, &coding)) {
        any = true;
        if (seen->chunked)
            return "chunked is not the last transfer coding.";
        if (text_is_nocase(coding, "chunked"))
            seen->chunked = true;
        else if (is_known_coding(coding))
            seen->known_coding = true;
        else
            seen->unknown_coding = true;
    }
    return any ? NULL : "The Transfer-Encoding field is empty.";
}

static void note_connection(struct text list, struct seen *seen)
{
    struct text option;

    while (text_next_item(&list, &option)) {
        seen->close |= text_is_nocase(option, "close");
        seen->keep_alive |= text_is_nocase(option, "keep-alive");
    }
}

static void note_expectation(struct text list, struct seen *seen)
{
    struct text expectation;

    while (text_next_item(&list, &expectation)) {
        if (text_is_nocase(expectation, "100-continue"))
            seen->awaits_continue = true;
        else
            seen->other_expectation = true;
    }
}

static const char *check_field(const struct field *field, struct request *q,
                               struct http1_framing *f, struct seen *seen)
{
    const struct text *name = &field->name;

    switch (name->length) {
    case 5:
        if (text_is_nocase(*name, "range")) {
            /* Two would be malformed: as good as none. */
            q->ranged = !q->ranged && !seen->ranges;
            seen->ranges = true;
        }
        break;
    case 15:
        q->takes_encodings |= text_is_nocase(*name, "accept-encoding");
        q->forwarded |= text_is_nocase(*name, "x-forwarded-for");
        break;
    case 4:
        if (text_is_nocase(*name, "host"))
            return check_host(&field->value, q, seen);
        break;
    case 6:
        if (text_is_nocase(*name, "expect"))
            note_expectation(field->value, seen);
        break;
    case 10:
        if (text_is_nocase(*name, "connection"))
            note_connection(field->value, seen);
        break;
    case 14:
        if (text_is_nocase(*name, "content-length"))
            return check_length(field->value, f, seen);
        break;
    case 17:
        if (text_is_nocase(*name, "transfer-encoding"))
            return check_coding(field->value, seen);
        break;
    default:
        break;
    }
    if (name->length > 3 && text_lower(name->at[0]) == 'i')
        q->conditional |= text_is_nocase((struct text){name->at, 3}, "if-");
    return NULL;
}

static unsigned check_framing(const struct request *q, const struct seen *seen,
                              const char **why)
{
    if (seen->codings && q->version == 10)
        *why = "HTTP/1.0 knows no Transfer-Encoding.";
    else if (seen->codings && seen->lengths)
        *why = "There are both Content-Length and Transfer-Encoding.";
    else if (seen->unknown_coding || (seen->known_coding && seen->chunked))
        return 501;
    else if (seen->known_coding)
        *why = "chunked is not the last transfer coding.";
    else if (!seen->hosts && q->version == 11)
        *why = "There is no Host field.";
    return *why ? 400 : 0;
}

unsigned http1_check(struct request *q, struct http1_framing *f,
                     const char **why)
{
    struct seen seen = {0};

    *f = (struct http1_framing){0};
    *why = NULL;
    for (size_t i = 0; i < q->n_fields; i++) {
        *why = check_field(&q->fields[i], q, f, &seen);
        if (*why)
            return 400;
    }
    unsigned status = check_framing(q, &seen, why);
    if (status)
        return status;
    if (seen.other_expectation && q->version == 11)
        return 417;
    f->chunked = seen.chunked;
    q->has_body = f->chunked || f->length > 0;
    q->awaits_continue =
        seen.awaits_continue && q->has_body && q->version == 11;
    q->keep_alive = !seen.close && (q->version == 11 || seen.keep_alive);
    return 0;
}
