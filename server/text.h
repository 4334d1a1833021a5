/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_TEXT_H
#define SERVER_TEXT_H
/*
 * text.h - a run of bytes that somebody else owns: no zero at its end, no
 * memory of its own. Comparisons are of ASCII, whatever the locale.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
    const char *at;
    size_t length;
};

static inline struct text text_of(const char *s)
{
    return (struct text){s, strlen(s)};
}

static inline struct text text_between(const char *from, const char *to)
{
    return (struct text){from, (size_t)(to - from)};
}

static inline bool text_is(struct text t, const char *s)
{
    size_t n = strlen(s);

    return t.length == n && memcmp(t.at, s, n) == 0;
}

static inline char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* lower: already in lower case */
static inline bool text_is_nocase(struct text t, const char *lower)
{
    if (t.length != strlen(lower))
        return false;
    for (size_t i = 0; i < t.length; i++)
        if (text_lower(t.at[i]) != lower[i])
            return false;
    return true;
}

static inline bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 0 to 15, or -1 */
static inline int text_hex(char c)
{
    if (text_is_digit(c))
        return c - '0';
    c = text_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What the name of a field or a method is made of, for strspn. */
#define TEXT_TOKEN_BYTES                                                       \
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"                      \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* without the blanks and tabs at both ends */
static inline struct text text_trim(struct text t)
{
    while (t.length && (t.at[0] == ' ' || t.at[0] == '\t'))
        t.at++, t.length--;
    while (t.length &&
           (t.at[t.length - 1] == ' ' || t.at[t.length - 1] == '\t'))
        t.length--;
    return t;
}

/*
 * text_next_item - cut the next item off a comma-separated list. Empty items
 * are skipped, as RFC 9110 section 5.6.1.2 asks. False: none is left.
 */
static inline bool text_next_item(struct text *list, struct text *item)
{
    while (list->length) {
        const char *comma = memchr(list->at, ',', list->length);
        size_t n = comma ? (size_t)(comma - list->at) : list->length;

        *item = text_trim((struct text){list->at, n});
        list->at += n + (comma ? 1 : 0);
        list->length -= n + (comma ? 1 : 0);
        if (item->length)
            return true;
    }
    return false;
}
#endif
