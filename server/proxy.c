/* SPDX-License-Identifier: BSD-2-Clause */
/* proxy.c - see proxy.h. */
#include "proxy.h"

#define LINE_BYTES 107 /* the longest of version 1, with its CRLF */

static const char signature[12] = "\r\n\r\n\0\r\nQUIT\n";

static struct text next_word(struct text *line)
{
    const char *blank = memchr(line->at, ' ', line->length);
    const char *end = line->at + line->length;
    struct text word = text_between(line->at, blank ? blank : end);

    *line = text_between(blank ? blank + 1 : end, end);
    return word;
}

static bool is_port(struct text t)
{
    unsigned value = 0;

    for (size_t i = 0; i < t.length; i++) {
        if (!text_is_digit(t.at[i]) || i > 4)
            return false;
        value = value * 10 + (unsigned)(t.at[i] - '0');
    }
    return t.length > 0 && value <= 65535;
}

/* "TCP4 source target port port" */
static bool parse_words(struct text line, union peer *p)
{
    union peer source, target;
    bool blank_at_end = line.length && line.at[line.length - 1] == ' ';
    struct text kind = next_word(&line);

    if (text_is(kind, "UNKNOWN"))
        return true;
    sa_family_t family = text_is(kind, "TCP4") ? AF_INET : AF_INET6;
    if (family == AF_INET6 && !text_is(kind, "TCP6"))
        return false;
    if (!peer_parse(&source, next_word(&line)) ||
        !peer_parse(&target, next_word(&line)) || source.family != family ||
        target.family != family || !is_port(next_word(&line)) ||
        !is_port(next_word(&line)) || line.length || blank_at_end)
        return false;
    *p = source;
    return true;
}

static int parse_line(const char *bytes, size_t n, union peer *p)
{
    const char *end = memchr(bytes, '\r', n);

    if (!end)
        return n < LINE_BYTES ? 0 : -1;
    size_t length = (size_t)(end - bytes) + 2;
    if (length > LINE_BYTES)
        return -1;
    if (n < length)
        return 0;
    if (end[1] != '\n' || !parse_words(text_between(bytes + 6, end), p))
        return -1;
    return (int)length;
}

static int parse_binary(const char *bytes, size_t n, union peer *p)
{
    const unsigned char *b = (const unsigned char *)bytes;

    if (n < 16)
        return 0;
    size_t length = 16 + ((size_t)b[14] << 8 | b[15]);
    unsigned command = b[12], family = b[13] >> 4, transport = b[13] & 15;
    if (command >> 4 != 2 || (command & 15) > 1 || length > PROXY_BYTES ||
        family > 3 || transport > 2)
        return -1;
    if (n < length)
        return 0;
    /* LOCAL: the proxy itself is asking. */
    if ((command & 15) == 0)
        return (int)length;
    if (family == 1 && length >= 16 + 12) {
        *p = (union peer){.family = AF_INET};
        memcpy(&p->in.sin_addr, b + 16, 4);
    } else if (family == 2 && length >= 16 + 36) {
        *p = (union peer){.family = AF_INET6};
        memcpy(&p->in6.sin6_addr, b + 16, 16);
    } else if (family == 1 || family == 2) {
        return -1;
    }
    return (int)length;
}

int proxy_parse(const char *bytes, size_t n, union peer *p)
{
    size_t some = n < 6 ? n : 6;

    if (memcmp(bytes, "PROXY ", some) == 0)
        return n < 6 ? 0 : parse_line(bytes, n, p);
    some = n < sizeof(signature) ? n : sizeof(signature);
    if (memcmp(bytes, signature, some) != 0)
        return -1;
    return n < sizeof(signature) ? 0 : parse_binary(bytes, n, p);
}
