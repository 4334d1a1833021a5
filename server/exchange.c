/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange.c - see exchange.h. */
#include "exchange.h"

#include "http1_write.h"

struct exchange *exchange_begin(pond *parent, const struct service *s,
                                const union peer *peer, struct text rest)
{
    const struct limits *limits = &s->config->limits;
    pond *p = pond_create(parent, "request");
    struct exchange *x = p ? pond_new(p, struct exchange) : NULL;

    if (!x)
        goto no_memory;
    pond_limit(p, limits->request_pond);
    x->peer = *peer;
    x->pond = p;
    x->request = (struct request){.pond = p};
    x->answered = x->timed = x->close = x->unread = false;
    x->head = 0;
    if (http1_read_begin(&x->reader, &x->request, limits, rest))
        return x;
no_memory:
    pond_destroy(p);
    return NULL;
}

void exchange_end(struct exchange *x)
{
    pond_destroy(x->pond);
}

/* By the fields of a trusted proxy, the last one first. */
static void find_peer(struct exchange *x, const struct network *trusted)
{
    const struct request *q = &x->request;
    bool broken = false, found = false;

    if (!q->forwarded || !peer_is_trusted(trusted, &x->peer))
        return;
    for (size_t i = q->n_fields; i-- > 0 && !broken && !found;)
        if (text_is_nocase(q->fields[i].name, "x-forwarded-for"))
            found =
                peer_forwarded(trusted, q->fields[i].value, &x->peer, &broken);
}

void exchange_go_on(struct exchange *x, struct output *o)
{
    static const char words[] = "HTTP/1.1 100 Continue\r\n\r\n";

    x->request.awaits_continue = false;
    x->go_on = (struct part){.bytes = words, .length = sizeof(words) - 1};
    output_append(o, &x->go_on);
}

unsigned exchange_status_when_full(const struct exchange *x,
                                   const struct limits *limits)
{
    /* Buffers double, so one that would have been too much was asked for by a
     * pond that holds a good part of its limit. */
    size_t limit = limits->request_pond;
    bool in_body = http1_read_in_body(&x->reader);
    bool full = pond_usage_get(x->pond).charged_bytes >= limit / 8 ||
                (in_body && x->reader.framing.length >= limit / 2);

    if (!full)
        return 503;
    return in_body ? 413 : 431;
}

bool exchange_answer(struct exchange *x, struct service *s,
                     enum http1_result found, bool last, struct output *o)
{
    struct response *r = &x->response;
    bool made;

    response_init(r, x->pond);
    /* A body that was not read to its end may hold anything. */
    x->unread = found != HTTP1_COMPLETE;
    if (found == HTTP1_REFUSED)
        made = response_page(r, x->reader.status, x->reader.why);
    else
        made = router_respond(&s->config->router, s, &x->request, r);
    if (!made)
        return false;
    x->close = last || x->unread || !x->request.keep_alive || s->stopping;
    find_peer(x, s->config->proxies);
    x->head = http1_write(r, &x->request, x->close, &s->loop.clock, o);
    x->answered = x->head > 0;
    return x->answered;
}

static struct text field_or_empty(const struct request *q, const char *name)
{
    const struct text *t = q ? request_field(q, name) : NULL;

    return t ? *t : (struct text){0};
}

void exchange_log(const struct request *q, struct service *s,
                  const union peer *peer, unsigned status, uint64_t body)
{
    struct log_entry entry = {
        .peer = peer,
        .when = s->loop.clock.log,
        .request_line = q ? q->line : (struct text){0},
        .referer = field_or_empty(q, "referer"),
        .user_agent = field_or_empty(q, "user-agent"),
        .status = status,
        .body_bytes = body,
    };

    s->n_requests++;
    log_request(&s->log, &entry);
}
