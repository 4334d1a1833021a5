/* SPDX-License-Identifier: BSD-2-Clause */
/* encoding.c - see encoding.h. */
#include "encoding.h"

#define UNSAID 9999

/* "0.5" to 500; what is malformed counts as 0. */
static unsigned weight_of(struct text t)
{
    unsigned value = 0, digit = 100;

    if (t.length == 0 || t.length > 5 || (t.at[0] != '0' && t.at[0] != '1') ||
        (t.length > 1 && t.at[1] != '.'))
        return 0;
    for (size_t i = 2; i < t.length; i++, digit /= 10) {
        if (!text_is_digit(t.at[i]))
            return 0;
        value += (unsigned)(t.at[i] - '0') * digit;
    }
    value += t.at[0] == '1' ? 1000 : 0;
    return value <= 1000 ? value : 0;
}

/* Cut ";q=0.5" off a coding. */
static unsigned cut_weight(struct text *coding)
{
    const char *semicolon = memchr(coding->at, ';', coding->length);

    if (!semicolon)
        return 1000;
    struct text rest =
        text_trim(text_between(semicolon + 1, coding->at + coding->length));
    *coding = text_trim(text_between(coding->at, semicolon));
    if (rest.length < 2 || text_lower(rest.at[0]) != 'q' || rest.at[1] != '=')
        return 0;
    return weight_of(text_between(rest.at + 2, rest.at + rest.length));
}

struct encodings encoding_parse(const struct request *q)
{
    struct encodings e = {UNSAID, UNSAID, UNSAID};
    unsigned others = 0;

    for (size_t i = 0; i < q->n_fields; i++) {
        struct text list = q->fields[i].value, coding;
        if (!text_is_nocase(q->fields[i].name, "accept-encoding"))
            continue;
        while (text_next_item(&list, &coding)) {
            unsigned weight = cut_weight(&coding);
            if (text_is_nocase(coding, "gzip") ||
                text_is_nocase(coding, "x-gzip"))
                e.gzip = weight;
            else if (text_is_nocase(coding, "br"))
                e.brotli = weight;
            else if (text_is_nocase(coding, "identity"))
                e.identity = weight;
            else if (text_is(coding, "*"))
                others = weight;
        }
    }
    e.gzip = e.gzip == UNSAID ? others : e.gzip;
    e.brotli = e.brotli == UNSAID ? others : e.brotli;
    e.identity = e.identity == UNSAID ? 0 : e.identity;
    return e;
}
