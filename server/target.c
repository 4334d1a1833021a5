/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * target.c - the target of a request, taken apart (declared in request.h).
 *
 * Escapes are decoded once, part by part, so an escaped slash stays inside its
 * part; as no file can have such a name, it leads nowhere. "." and ".." are
 * resolved here, escaped or not, and more ".." than folders lead nowhere too:
 * what the file system is asked for holds neither.
 */
#include <arpa/inet.h>

#include "request.h"

static const char bad_form[] = "The request target is neither a path nor an "
                               "http:// address.";

static bool is_unreserved_or_delimiter(char c)
{
    /* ! $ & ' ( ) * + , - . 0-9 ; =, and A-Z _ a-z ~ */
    static const uint64_t set[2] = {0x2bff7fd200000000, 0x47fffffe87fffffe};
    unsigned char u = (unsigned char)c;

    return u < 128 && (set[u >> 6] >> (u & 63) & 1);
}

static bool is_ip_literal(struct text t)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (t.length >= sizeof(copy))
        return false;
    memcpy(copy, t.at, t.length);
    copy[t.length] = '\0';
    return inet_pton(AF_INET6, copy, &address) == 1;
}

static bool is_port(struct text t)
{
    unsigned port = 0;

    for (size_t i = 0; i < t.length; i++) {
        if (!text_is_digit(t.at[i]))
            return false;
        port = port * 10 + (unsigned)(t.at[i] - '0');
        if (port > 65535)
            return false;
    }
    return true;
}

bool authority_is_valid(struct text t)
{
    const char *at = t.at, *end = t.at + t.length;

    if (at == end)
        return false;
    if (*at == '[') {
        const char *close = memchr(at, ']', t.length);
        if (!close || !is_ip_literal(text_between(at + 1, close)))
            return false;
        at = close + 1;
    } else {
        for (; at < end && *at != ':'; at++) {
            if (*at == '%') {
                if (end - at < 3 || text_hex(at[1]) < 0 || text_hex(at[2]) < 0)
                    return false;
                at += 2;
            } else if (!is_unreserved_or_delimiter(*at)) {
                return false;
            }
        }
        if (at == t.at)
            return false;
    }
    return at == end || (*at == ':' && is_port(text_between(at + 1, end)));
}

/* Cut "http://host:port" off the target; its authority replaces Host. */
static bool cut_authority(struct request *q, struct text *rest)
{
    struct text t = *rest;
    size_t scheme = 0;

    if (t.length > 7 && text_is_nocase((struct text){t.at, 7}, "http://"))
        scheme = 7;
    else if (t.length > 8 && text_is_nocase((struct text){t.at, 8}, "https://"))
        scheme = 8;
    if (scheme == 0)
        return false;
    const char *at = t.at + scheme, *end = t.at + t.length, *slash = at;
    while (slash < end && *slash != '/' && *slash != '?')
        slash++;
    q->authority = text_between(at, slash);
    *rest = text_between(slash, end);
    return authority_is_valid(q->authority);
}

/* Where a path is put together, part by part. */
struct path {
    char *start;
    char *at;       /* behind the last part */
    bool nowhere;   /* it cannot be the name of anything */
    bool malformed; /* an escape that is none */
};

static void add_part(struct path *p, const char *from, const char *to)
{
    char *start = p->at;

    if (p->at > p->start)
        *p->at++ = '/';
    char *name = p->at;
    while (from < to) {
        char c = *from++;
        if (c == '%') {
            int high = to - from >= 2 ? text_hex(from[0]) : -1;
            int low = high >= 0 ? text_hex(from[1]) : -1;
            if (low < 0 || (high | low) == 0) {
                p->malformed = true;
                return;
            }
            c = (char)(high << 4 | low);
            from += 2;
            if (c == '/')
                p->nowhere = true;
        }
        *p->at++ = c;
    }
    struct text part = text_between(name, p->at);
    if (part.length == 0 || text_is(part, ".")) {
        p->at = start;
    } else if (text_is(part, "..")) {
        p->at = start;
        if (start == p->start)
            p->nowhere = true;
        while (p->at > p->start && *--p->at != '/')
            continue;
    }
}

/* raw: from its first slash to its end or the question mark */
static bool decode_path(struct request *q, struct text raw, struct path *p)
{
    const char *end = raw.at + raw.length;

    *p = (struct path){.start = pond_alloc(q->pond, raw.length + 1)};
    if (!p->start)
        return false;
    p->at = p->start;
    for (const char *at = raw.at; at < end && !p->malformed;) {
        const char *from = ++at; /* behind the slash */
        const char *before = p->at;
        while (at < end && *at != '/')
            at++;
        add_part(p, from, at);
        /* empty, "." and ".." add nothing, so a folder is meant */
        q->folder = p->at <= before;
    }
    *p->at = '\0';
    q->path = p->nowhere ? NULL : p->start;
    return true;
}

const char *request_parse_target(struct request *q, bool *no_memory)
{
    struct text t = q->target;
    struct path path;

    if (text_is(t, "*")) {
        q->asterisk = true;
        q->path = "";
        return q->method == METHOD_OPTIONS ? NULL
                                           : "Only OPTIONS can ask for *.";
    }
    if (memchr(t.at, '#', t.length))
        return "The request target holds a fragment (#).";
    if (t.at[0] != '/' && !cut_authority(q, &t))
        return bad_form;
    const char *mark = memchr(t.at, '?', t.length);
    struct text raw = text_between(t.at, mark ? mark : t.at + t.length);
    if (mark)
        q->query = text_between(mark + 1, t.at + t.length);
    if (raw.length == 0)
        raw = text_of("/");
    if (!decode_path(q, raw, &path)) {
        *no_memory = true;
        return NULL;
    }
    return path.malformed ? "The request target holds a bad %-escape." : NULL;
}
