/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.c - see connection.h: how a connection begins and ends, whose turn
 * it is, and whom a proxy speaks for.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection_inner.h"
#include "proxy.h"

#define STEPS_A_TURN 64
#define EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

/* Too many connections, but so few that they can be told. */
#define REFUSALS 32

static void connection_end(struct connection *c)
{
    if (c->exchange && c->exchange->answered)
        connection_log_exchange(c);
    loop_forget(&c->source);
    deadline_clear(&c->deadline);
    list_remove(&c->link);
    if (c->counted)
        census_remove(&c->service->census, &c->peer);
    close(c->source.fd);
    c->service->n_ended++;
    pond_destroy(c->pond);
}

void connection_set_deadline(struct connection *c, enum deadline_kind kind)
{
    c->kind = (uint8_t)kind;
    c->moved = false;
    deadline_set(&c->service->loop, &c->deadline, kind);
}

/* Tell a client that it is one too many. */
static enum step refuse(struct connection *c)
{
    return connection_give_up(c, 503);
}

/* False: there are too many from that address. */
static bool count(struct connection *c)
{
    struct service *s = c->service;
    size_t most = s->config->limits.per_address;

    if (most == 0 || peer_is_trusted(s->config->proxies, &c->peer))
        return true;
    c->counted = census_add(&s->census, &c->peer, most);
    return c->counted;
}

/* The bytes stay in the socket until the header is whole, so that waiting for
 * it takes no memory. */
static enum step step_proxy(struct connection *c)
{
    char bytes[PROXY_BYTES];

    if (!c->readable)
        return STEP_WAIT;
    ssize_t n = recv(c->source.fd, bytes, sizeof(bytes), MSG_PEEK);
    if (n < 0 && errno == EINTR)
        return STEP_ON;
    if (n < 0 && errno == EAGAIN) {
        c->readable = false;
        return STEP_WAIT;
    }
    if (n <= 0)
        return STEP_END;
    int length = proxy_parse(bytes, (size_t)n, &c->peer);
    if (length < 0 || (length == 0 && c->hung_up))
        return STEP_END;
    if (length == 0) {
        c->readable = false;
        return STEP_WAIT;
    }
    if (recv(c->source.fd, bytes, (size_t)length, 0) != length)
        return STEP_END;
    c->state = READING;
    return count(c) ? STEP_ON : refuse(c);
}

/* Before waiting: keep nothing that is not needed, and say how long. */
static void settle(struct connection *c)
{
    struct exchange *x = c->exchange;

    if (c->state == LINGERING || c->state == PROXIED)
        return;
    if (c->state == READING && x && !http1_read_begun(&x->reader)) {
        connection_drop_exchange(c);
        x = NULL;
    }
    if (c->state == READING && x && !http1_read_in_body(&x->reader)) {
        /* The whole head has one deadline, however its bytes trickle. */
        if (!x->timed)
            connection_set_deadline(c, DEADLINE_HEAD);
        x->timed = true;
        return;
    }
    enum deadline_kind kind =
        c->state == READING && !x ? DEADLINE_IDLE : DEADLINE_PROGRESS;
    if (c->kind != kind || c->moved)
        connection_set_deadline(c, kind);
}

static void take_turn(struct connection *c)
{
    enum step step = STEP_ON;

    for (int i = 0; step == STEP_ON && i < STEPS_A_TURN; i++) {
        if (c->state == READING)
            step = connection_read(c);
        else if (c->state == PROXIED)
            step = step_proxy(c);
        else if (c->state == SENDING)
            step = connection_send(c);
        else
            step = connection_linger(c);
    }
    if (step == STEP_END) {
        connection_end(c);
        return;
    }
    settle(c);
    if (step != STEP_WAIT)
        loop_again(&c->service->loop, &c->source);
}

static void on_event(struct source *s, uint32_t events)
{
    struct connection *c = LIST_OWNER(s, struct connection, source);

    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        c->hung_up = c->readable = true;
    if (events & EPOLLIN)
        c->readable = true;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
        c->writable = true;
    take_turn(c);
}

static void on_expiry(struct deadline *d)
{
    struct connection *c = LIST_OWNER(d, struct connection, deadline);

    if (c->state != READING || !c->exchange) {
        connection_end(c);
        return;
    }
    http1_read_refuse(&c->exchange->reader, 408, NULL);
    take_turn(c);
}

/* What is to be done with it first. */
static void greet(struct connection *c, bool proxied)
{
    struct service *s = c->service;
    bool trusted = !proxied || peer_is_trusted(s->config->proxies, &c->peer);
    size_t live = (size_t)(s->n_accepted - s->n_ended);

    c->state = proxied ? PROXIED : READING;
    connection_set_deadline(c, proxied ? DEADLINE_HEAD : DEADLINE_IDLE);
    if (!trusted || live > s->max_connections + REFUSALS)
        connection_end(c);
    else if ((live > s->max_connections || (!proxied && !count(c))) &&
             refuse(c) == STEP_END)
        connection_end(c);
}

bool connection_begin(struct service *s, int fd, const union peer *peer,
                      bool proxied)
{
    /* Idle connections are many: no room is ever set aside for more. */
    static const pond_options small = {.size = sizeof(small),
                                       .first_block_bytes = 512};
    pond *p = pond_create_with(NULL, "connection", &small);
    struct connection *c = p ? pond_new(p, struct connection) : NULL;

    if (!c)
        goto failed;
    *c = (struct connection){.source = {.on_event = on_event, .fd = fd},
                             .service = s,
                             .pond = p,
                             .peer = *peer};
    deadline_init(&c->deadline, on_expiry);
    if (loop_watch(&s->loop, &c->source, EVENTS))
        goto failed;
    list_append(&s->connections, &c->link);
    s->n_accepted++;
    pond_limit(p, s->config->limits.connection_pond);
    greet(c, proxied);
    return true;
failed:
    pond_destroy(p);
    return false;
}

void connections_stop(struct service *s)
{
    struct link *next;

    for (struct link *l = s->connections.next; l != &s->connections; l = next) {
        struct connection *c = LIST_OWNER(l, struct connection, link);
        next = l->next;
        if (c->state == READING || c->state == PROXIED)
            connection_end(c);
    }
}

void connections_end(struct service *s)
{
    while (!list_empty(&s->connections))
        connection_end(
            LIST_OWNER(s->connections.next, struct connection, link));
}
