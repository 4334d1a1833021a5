/* SPDX-License-Identifier: BSD-2-Clause */
/* escape.c - see escape.h. */
#include "escape.h"

#include <string.h>

#include "text.h"

char *escape_html(pond *p, const char *s)
{
    static const char special[] = "<>&\"'";
    static const char *const written[] = {"&lt;", "&gt;", "&amp;", "&quot;",
                                          "&#39;"};
    char *to = pond_alloc(p, 6 * strlen(s) + 1), *at = to;

    if (!to)
        return NULL;
    for (; *s; s++) {
        const char *found = strchr(special, *s);
        if (!found) {
            *at++ = *s;
            continue;
        }
        const char *w = written[found - special];
        memcpy(at, w, strlen(w));
        at += strlen(w);
    }
    *at = '\0';
    return to;
}

/* What stands for itself in a path (RFC 3986). */
static bool stays(char c)
{
    char l = text_lower(c);

    return text_is_digit(c) || (l >= 'a' && l <= 'z') ||
           strchr("-._~!$&'()*+,;=@/:", c);
}

char *escape_url(pond *p, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    char *to = pond_alloc(p, 3 * strlen(s) + 1), *at = to;

    if (!to)
        return NULL;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (stays(*s)) {
            *at++ = *s;
        } else {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        }
    }
    *at = '\0';
    return to;
}
