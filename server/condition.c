/* SPDX-License-Identifier: BSD-2-Clause */
/* condition.c - see condition.h. Tags of ours are always strong. */
#include "condition.h"

#include "date.h"

/* Cut an entity tag off a list; false where none stands there. */
static bool next_tag(struct text *list, struct text *tag, bool *weak)
{
    while (list->length &&
           (list->at[0] == ' ' || list->at[0] == '\t' || list->at[0] == ','))
        list->at++, list->length--;
    *weak = list->length > 2 && memcmp(list->at, "W/", 2) == 0;
    const char *at = list->at + (*weak ? 2 : 0);
    const char *end = list->at + list->length;
    if (at == end || *at != '"')
        return false;
    const char *quote = memchr(at + 1, '"', (size_t)(end - at - 1));
    if (!quote)
        return false;
    *tag = text_between(at, quote + 1);
    *list = text_between(quote + 1, end);
    return true;
}

static bool list_has(struct text list, struct text etag, bool strong)
{
    struct text tag;
    bool weak;

    if (text_is(text_trim(list), "*"))
        return true;
    while (next_tag(&list, &tag, &weak))
        if (!(strong && weak) && tag.length == etag.length &&
            memcmp(tag.at, etag.at, etag.length) == 0)
            return true;
    return false;
}

/* In any of the fields of that name. *present: there is one. */
static bool fields_have(const struct request *q, const char *name,
                        struct text etag, bool strong, bool *present)
{
    *present = false;
    for (size_t i = 0; i < q->n_fields; i++) {
        if (!text_is_nocase(q->fields[i].name, name))
            continue;
        *present = true;
        if (list_has(q->fields[i].value, etag, strong))
            return true;
    }
    return false;
}

static bool date_field(const struct request *q, const char *name, time_t *when)
{
    const struct text *t = request_field(q, name);

    return t && date_parse_http(*t, when);
}

unsigned condition_check(const struct request *q, struct text etag,
                         time_t modified)
{
    bool reads = q->method == METHOD_GET || q->method == METHOD_HEAD;
    bool present;
    time_t when;

    if (!q->conditional)
        return 0;
    bool has = fields_have(q, "if-match", etag, true, &present);
    if (present && !has)
        return 412;
    if (!present && date_field(q, "if-unmodified-since", &when) &&
        modified > when)
        return 412;
    has = fields_have(q, "if-none-match", etag, false, &present);
    if (present && has)
        return reads ? 304 : 412;
    if (!present && reads && date_field(q, "if-modified-since", &when) &&
        modified <= when)
        return 304;
    return 0;
}

bool condition_allows_range(const struct request *q, struct text etag,
                            time_t modified)
{
    const struct text *t = request_field(q, "if-range");
    time_t when;

    if (!t)
        return true;
    if (t->length && (t->at[0] == '"' || t->at[0] == 'W'))
        return t->length == etag.length &&
               memcmp(t->at, etag.at, etag.length) == 0;
    /* Only the very date that we have told will do. */
    return date_parse_http(*t, &when) && when == modified;
}
