/* SPDX-License-Identifier: BSD-2-Clause */
/* range.c - see range.h. */
#include "range.h"

/* Digits to a number; those too large to be one count as the largest. */
static bool take_number(struct text *t, uint64_t *value)
{
    size_t n = 0;

    *value = 0;
    for (; n < t->length && text_is_digit(t->at[n]); n++)
        if (__builtin_mul_overflow(*value, (uint64_t)10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(t->at[n] - '0'), value))
            *value = UINT64_MAX / 16;
    t->at += n;
    t->length -= n;
    return n > 0;
}

/* "5-9", "5-" or "-5". False: malformed. *within: it is not beyond the end. */
static bool take_range(struct text t, uint64_t size, struct range *r,
                       bool *within)
{
    uint64_t first, last = UINT64_MAX;
    bool has_first = take_number(&t, &first);

    if (t.length == 0 || t.at[0] != '-')
        return false;
    t.at++;
    t.length--;
    bool has_last = take_number(&t, &last);
    if (t.length || (!has_first && !has_last))
        return false;
    if (!has_first) {
        r->length = last < size ? last : size;
        r->from = size - r->length;
        *within = r->length > 0;
        return true;
    }
    if (!has_last)
        last = UINT64_MAX;
    if (last < first)
        return false;
    *within = first < size;
    if (*within) {
        r->from = first;
        r->length = (last < size ? last + 1 : size) - first;
    }
    return true;
}

static bool overlaps(const struct range *a, const struct range *b)
{
    return a->from < b->from + b->length && b->from < a->from + a->length;
}

enum range_result range_parse(struct text value, uint64_t size,
                              struct range ranges[RANGES], size_t *n)
{
    struct text item;
    size_t asked = 0;

    *n = 0;
    if (value.length < 6 ||
        !text_is_nocase((struct text){value.at, 6}, "bytes="))
        return RANGE_WHOLE;
    value.at += 6;
    value.length -= 6;
    while (text_next_item(&value, &item)) {
        struct range r;
        bool within;
        if (++asked > RANGES || !take_range(item, size, &r, &within))
            return RANGE_WHOLE;
        for (size_t i = 0; within && i < *n; i++)
            if (overlaps(&r, &ranges[i]))
                return RANGE_WHOLE;
        if (within)
            ranges[(*n)++] = r;
    }
    if (asked == 0)
        return RANGE_WHOLE;
    return *n ? RANGE_PARTS : RANGE_NONE;
}
