/* SPDX-License-Identifier: BSD-2-Clause */
/* connection_read.c - from bytes to an answer that is ready to be sent. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/socket.h>

#include "connection_inner.h"

#define SMALL_BYTES 40960 /* an answer that may be copied to a batch */

/* The reader has no memory to go on. */
static enum step full(struct connection *c)
{
    return connection_give_up(
        c, exchange_status_when_full(c->exchange, &c->service->config->limits));
}

/* End the exchange; what was read beyond it is the next one's. */
enum step connection_next_exchange(struct connection *c)
{
    struct exchange *old = c->exchange;
    struct text rest = http1_read_rest(&old->reader);

    c->exchange = NULL;
    if (rest.length)
        c->exchange = exchange_begin(c->pond, c->service, &c->peer, rest);
    exchange_end(old);
    return rest.length && !c->exchange ? connection_give_up(c, 503) : STEP_ON;
}

static enum step receive(struct connection *c)
{
    struct http1_reader *reader = &c->exchange->reader;
    size_t room;
    char *space = http1_read_space(reader, &room);

    if (!space)
        return full(c);
    ssize_t n = recv(c->source.fd, space, room, 0);
    if (n > 0) {
        http1_read_filled(reader, (size_t)n);
        c->moved = true;
        if ((size_t)n < room && !c->hung_up)
            c->readable = false;
        return STEP_ON;
    }
    if (n == 0) {
        c->at_end = true;
        return STEP_ON;
    }
    if (errno == EINTR)
        return STEP_ON;
    if (errno != EAGAIN)
        return STEP_END;
    c->readable = false;
    return STEP_WAIT;
}

static bool is_small(const struct output *o)
{
    uint64_t n = 0;

    for (const struct part *p = o->first; p; p = p->next) {
        if (!p->bytes || p->refill)
            return false;
        n += p->length;
    }
    return n <= SMALL_BYTES;
}

static enum step answer(struct connection *c, enum http1_result found)
{
    const struct limits *limits = &c->service->config->limits;
    struct exchange *x = c->exchange;

    c->output.sent = 0;
    c->n_requests++;
    bool last = limits->requests && c->n_requests >= limits->requests;
    if (!exchange_answer(x, c->service, found, last, &c->output))
        return connection_give_up(c, 503);
    bool more = !x->close && http1_read_rest(&x->reader).length > 0;
    if (!more || !is_small(&c->output) ||
        !batch_add(&c->batch, c->pond, &c->output)) {
        connection_begin_to_send(c);
        return STEP_ON;
    }
    bool bodyless = x->request.method == METHOD_HEAD;
    exchange_log(&x->request, c->service, &x->peer, x->response.status,
                 bodyless ? 0 : x->response.length);
    enum step step = connection_next_exchange(c);
    if (step == STEP_ON && c->state == READING &&
        (c->batch->used >= limits->batch_bytes ||
         c->batch->n_answers >= limits->batch_answers))
        connection_begin_to_send(c);
    return step;
}

/* The request is not all there. */
static enum step read_more(struct connection *c)
{
    struct http1_reader *reader = &c->exchange->reader;

    if (c->batch) {
        c->output.sent = 0;
        connection_begin_to_send(c);
        return STEP_ON;
    }
    if (c->at_end && !http1_read_begun(reader))
        return STEP_END;
    if (c->at_end)
        return answer(c, http1_read_refuse(reader, 400,
                                           "The request ended in its middle."));
    return c->readable ? receive(c) : STEP_WAIT;
}

/* Is there a body, and does anybody want it? *found is what comes next. */
static enum step head_is_there(struct connection *c, enum http1_result *found)
{
    struct exchange *x = c->exchange;

    if (!x->request.has_body) {
        *found = HTTP1_COMPLETE;
        return STEP_ON;
    }
    enum route route = router_route(&c->service->config->router, &x->request);
    if (route == ROUTE_NO_BODY ||
        (route == ROUTE_DROPPED && x->request.awaits_continue))
        return STEP_ON;
    if (route == ROUTE_WANTED && !http1_read_keep_body(&x->reader)) {
        *found = http1_read_refuse(&x->reader, 413, NULL);
        return STEP_ON;
    }
    if (x->request.awaits_continue && !http1_read_has_more(&x->reader)) {
        exchange_go_on(x, &c->output);
        connection_begin_to_send(c);
        return STEP_ON;
    }
    *found = http1_read(&x->reader);
    return STEP_ON;
}

enum step connection_read(struct connection *c)
{
    if (!c->exchange) {
        if (!c->readable)
            return STEP_WAIT;
        c->exchange =
            exchange_begin(c->pond, c->service, &c->peer, (struct text){0});
        if (!c->exchange)
            return connection_give_up(c, 503);
    }
    struct exchange *x = c->exchange;
    enum http1_result found = http1_read(&x->reader);
    if (found == HTTP1_HEAD) {
        enum step step = head_is_there(c, &found);
        if (step != STEP_ON || c->state != READING)
            return step;
    }
    if (found == HTTP1_MORE)
        return read_more(c);
    return found == HTTP1_NO_MEMORY ? full(c) : answer(c, found);
}
