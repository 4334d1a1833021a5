/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange.c - see exchange.h. */
#include "exchange.h"

#include "http1_write.h"

struct exchange *exchange_begin(pond *parent, const struct service *s,
                                struct text rest)
{
    pond *p = pond_create(parent, "request");
    struct exchange *x = p ? pond_new(p, struct exchange) : NULL;

    if (!x)
        goto no_memory;
    x->pond = p;
    x->request = (struct request){.pond = p};
    x->answered = x->timed = x->close = x->unread = false;
    x->head = 0;
    if (http1_read_begin(&x->reader, &x->request, &s->config->limits, rest))
        return x;
no_memory:
    pond_destroy(p);
    return NULL;
}

void exchange_end(struct exchange *x)
{
    pond_destroy(x->pond);
}

bool exchange_answer(struct exchange *x, const struct service *s,
                     enum http1_result found, struct output *o)
{
    struct response *r = &x->response;
    bool made;

    response_init(r, x->pond);
    /* A body that was not read to its end may hold anything. */
    x->unread = found != HTTP1_COMPLETE;
    if (found == HTTP1_REFUSED)
        made = response_page(r, x->reader.status, x->reader.why);
    else
        made = router_respond(&s->config->router, &x->request, r);
    if (!made)
        return false;
    x->close = x->unread || !x->request.keep_alive || s->stopping;
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
