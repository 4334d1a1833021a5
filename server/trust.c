/* SPDX-License-Identifier: BSD-2-Clause */
/* trust.c - see trust.h. */
#include "trust.h"

#include <arpa/inet.h>
#include <stdlib.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

bool peer_bytes(const union peer *p, uint8_t bytes[16])
{
    if (p->family == AF_INET) {
        memcpy(bytes, mapped, sizeof(mapped));
        memcpy(bytes + 12, &p->in.sin_addr, 4);
    } else if (p->family == AF_INET6) {
        memcpy(bytes, &p->in6.sin6_addr, 16);
    }
    return p->family == AF_INET || p->family == AF_INET6;
}

bool peer_parse(union peer *p, struct text t)
{
    char copy[INET6_ADDRSTRLEN];

    if (t.length == 0 || t.length >= sizeof(copy))
        return false;
    memcpy(copy, t.at, t.length);
    copy[t.length] = '\0';
    *p = (union peer){0};
    if (inet_pton(AF_INET, copy, &p->in.sin_addr) == 1)
        p->family = AF_INET;
    else if (inet_pton(AF_INET6, copy, &p->in6.sin6_addr) == 1)
        p->family = AF_INET6;
    return p->family != 0;
}

bool network_parse(struct network *n, const char *text)
{
    const char *slash = strchr(text, '/');
    union peer p;
    char *end = NULL;

    *n = (struct network){.local = strcmp(text, "unix") == 0};
    if (n->local)
        return true;
    if (!peer_parse(&p, slash ? text_between(text, slash) : text_of(text)))
        return false;
    unsigned most = p.family == AF_INET ? 32 : 128, bits = most;
    if (slash) {
        unsigned long value = strtoul(slash + 1, &end, 10);
        if (!text_is_digit(slash[1]) || *end || value > most)
            return false;
        bits = (unsigned)value;
    }
    peer_bytes(&p, n->address);
    n->bits = bits + (128 - most);
    return true;
}

static bool lies_in(const struct network *n, const uint8_t bytes[16])
{
    unsigned whole = n->bits / 8, rest = n->bits % 8;

    if (n->local || memcmp(n->address, bytes, whole) != 0)
        return false;
    return rest == 0 || (n->address[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

bool peer_is_trusted(const struct network *trusted, const union peer *p)
{
    uint8_t bytes[16];
    bool local = !peer_bytes(p, bytes);

    for (const struct network *n = trusted; n; n = n->next)
        if (local ? n->local : lies_in(n, bytes))
            return true;
    return false;
}

bool peer_forwarded(const struct network *trusted, struct text list,
                    union peer *p, bool *broken)
{
    while (list.length) {
        size_t at = list.length;
        while (at > 0 && list.at[at - 1] != ',')
            at--;
        struct text item =
            text_trim(text_between(list.at + at, list.at + list.length));
        list.length = at ? at - 1 : 0;
        if (item.length == 0)
            continue;
        union peer found;
        *broken = !peer_parse(&found, item);
        if (*broken)
            return false;
        *p = found;
        if (!peer_is_trusted(trusted, &found))
            return true;
    }
    return false;
}
