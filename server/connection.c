/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.c - see connection.h. A connection is in one of three states, each
 * with a step that is repeated until it has to wait:
 *
(PROXIED) > READING ---- answer ----> SENDING ---- last answer ----> LINGERING
 *        ^-------- next request ---'                           or the end
 */
#define _GNU_SOURCE 1
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "batch.h"
#include "exchange.h"
#include "proxy.h"

#define STEPS_A_TURN 64
#define SMALL_BYTES 40960 /* an answer that may be copied to a batch */
#define EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

/* Too many connections, but so few that they can be told. */
#define REFUSALS 32

enum state { PROXIED, READING, SENDING, LINGERING };

enum step {
    STEP_ON,   /* take the next step */
    STEP_WAIT, /* for the socket */
    STEP_TURN, /* for the others to have theirs */
    STEP_END
};

struct connection {
    struct source source;
    struct deadline deadline;
    struct link link; /* on the service's list */
    struct service *service;
    pond *pond;
    struct exchange *exchange; /* the oldest unfinished one; NULL: idle */
    struct batch *batch;       /* answers not yet sent; NULL: none */
    struct output output;
    size_t drained; /* bytes thrown away while lingering */
    size_t n_requests;
    union peer peer;
    uint8_t state;
    uint8_t kind;  /* of the deadline that is set */
    bool readable; /* the socket, as far as we know */
    bool writable; /* likewise */
    bool hung_up;  /* a short read may be followed by the end */
    bool at_end;   /* the client has said all it will */
    bool counted;  /* by the census */
    bool moved;    /* bytes went in or out since the deadline was set */
};

/* The pond's one block of 512 bytes has to hold this and the pond's handle. */
_Static_assert(sizeof(struct connection) <= 256, "a connection stays small");

/* ----------------------------------------------------------------- endings */

static uint64_t body_sent(const struct connection *c)
{
    uint64_t sent = c->output.sent, head = c->exchange->head;

    return sent > head ? sent - head : 0;
}

static void log_exchange(struct connection *c)
{
    const struct exchange *x = c->exchange;

    exchange_log(&x->request, c->service, &x->peer, x->response.status,
                 body_sent(c));
}

static void drop_exchange(struct connection *c)
{
    if (c->exchange)
        exchange_end(c->exchange);
    c->exchange = NULL;
}

static void connection_end(struct connection *c)
{
    if (c->exchange && c->exchange->answered)
        log_exchange(c);
    loop_forget(&c->source);
    deadline_clear(&c->deadline);
    list_remove(&c->link);
    if (c->counted)
        census_remove(&c->service->census, &c->peer);
    close(c->source.fd);
    c->service->n_ended++;
    pond_destroy(c->pond);
}

static void set_deadline(struct connection *c, enum deadline_kind kind)
{
    c->kind = (uint8_t)kind;
    c->moved = false;
    deadline_set(&c->service->loop, &c->deadline, kind);
}

/* Stop writing, and let the client read our last words: closing while it still
 * sends would make its kernel throw them away. */
static enum step linger(struct connection *c)
{
    drop_exchange(c);
    batch_end(c->batch);
    c->batch = NULL;
    if (c->at_end || shutdown(c->source.fd, SHUT_WR))
        return STEP_END;
    c->state = LINGERING;
    c->drained = 0;
    set_deadline(c, DEADLINE_LINGER);
    return STEP_ON;
}

/* The last answer is sent. */
static enum step let_go(struct connection *c)
{
    const struct exchange *x = c->exchange;

    /* It said that nothing would follow, and nothing did. */
    if (x && !x->unread && !x->request.keep_alive &&
        http1_read_rest(&x->reader).length == 0) {
        drop_exchange(c);
        return STEP_END;
    }
    return linger(c);
}

/* Out of memory, or over a limit, so these words are ready-made. */
static enum step give_up_with(struct connection *c, unsigned status)
{
    char words[160];
    int n = snprintf(words, sizeof(words),
                     "HTTP/1.1 %u %s\r\nContent-Length: 0\r\n%s"
                     "Connection: close\r\n\r\n",
                     status, status_phrase(status),
                     status == 503 ? "Retry-After: 1\r\n" : "");

    exchange_log(c->exchange ? &c->exchange->request : NULL, c->service,
                 &c->peer, status, 0);
    c->output = (struct output){0};
    if (c->batch)
        batch_send(c->batch, &c->output);
    if (output_send(&c->output, c->source.fd) != OUTPUT_DONE ||
        send(c->source.fd, words, (size_t)n, MSG_NOSIGNAL) < 0) {
        drop_exchange(c);
        return STEP_END;
    }
    return linger(c);
}

static enum step give_up(struct connection *c)
{
    return give_up_with(c, 503);
}

/* The reader has no memory to go on. */
static enum step full(struct connection *c)
{
    return give_up_with(
        c, exchange_status_when_full(c->exchange, &c->service->config->limits));
}

/* ----------------------------------------------------------------- reading */

/* End the exchange; what was read beyond it is the next one's. */
static enum step next_exchange(struct connection *c)
{
    struct exchange *old = c->exchange;
    struct text rest = http1_read_rest(&old->reader);

    c->exchange = NULL;
    if (rest.length)
        c->exchange = exchange_begin(c->pond, c->service, &c->peer, rest);
    exchange_end(old);
    return rest.length && !c->exchange ? give_up(c) : STEP_ON;
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

static void begin_to_send(struct connection *c)
{
    c->state = SENDING;
    if (!c->batch)
        return;
    if (c->exchange && c->exchange->answered)
        c->exchange->head += c->batch->used;
    batch_send(c->batch, &c->output);
}

static bool is_small(const struct output *o)
{
    uint64_t n = 0;

    for (const struct part *p = o->first; p; p = p->next) {
        if (!p->bytes)
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
        return give_up(c);
    bool more = !x->close && http1_read_rest(&x->reader).length > 0;
    if (!more || !is_small(&c->output) ||
        !batch_add(&c->batch, c->pond, &c->output)) {
        begin_to_send(c);
        return STEP_ON;
    }
    bool bodyless = x->request.method == METHOD_HEAD;
    exchange_log(&x->request, c->service, &x->peer, x->response.status,
                 bodyless ? 0 : x->response.length);
    enum step step = next_exchange(c);
    if (step == STEP_ON && c->state == READING &&
        (c->batch->used >= limits->batch_bytes ||
         c->batch->n_answers >= limits->batch_answers))
        begin_to_send(c);
    return step;
}

/* The request is not all there. */
static enum step read_more(struct connection *c)
{
    struct http1_reader *reader = &c->exchange->reader;

    if (c->batch) {
        c->output.sent = 0;
        begin_to_send(c);
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
    if (route == ROUTE_WANTED)
        http1_read_keep_body(&x->reader);
    if (x->request.awaits_continue && !http1_read_has_more(&x->reader)) {
        exchange_go_on(x, &c->output);
        begin_to_send(c);
        return STEP_ON;
    }
    *found = http1_read(&x->reader);
    return STEP_ON;
}

static enum step step_read(struct connection *c)
{
    if (!c->exchange) {
        if (!c->readable)
            return STEP_WAIT;
        c->exchange =
            exchange_begin(c->pond, c->service, &c->peer, (struct text){0});
        if (!c->exchange)
            return give_up(c);
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

/* ----------------------------------------------------------------- sending */

static enum step all_sent(struct connection *c)
{
    struct exchange *x = c->exchange;

    batch_end(c->batch);
    c->batch = NULL;
    c->state = READING;
    if (x && x->answered) {
        log_exchange(c);
        x->answered = false;
        if (!x->close && !c->service->stopping)
            return next_exchange(c);
        return let_go(c);
    }
    return c->service->stopping ? let_go(c) : STEP_ON;
}

static enum step step_send(struct connection *c)
{
    uint64_t before = c->output.sent;

    if (!c->writable)
        return STEP_WAIT;
    enum output_result result = output_send(&c->output, c->source.fd);
    if (c->output.sent != before)
        c->moved = true;
    switch (result) {
    case OUTPUT_DONE:
        return all_sent(c);
    case OUTPUT_AGAIN:
        c->writable = false;
        return STEP_WAIT;
    case OUTPUT_TURN:
        return STEP_TURN;
    default:
        return STEP_END;
    }
}

static enum step step_linger(struct connection *c)
{
    char bytes[4096];

    if (!c->readable)
        return STEP_WAIT;
    ssize_t n = recv(c->source.fd, bytes, sizeof(bytes), 0);
    if (n < 0 && errno == EINTR)
        return STEP_ON;
    if (n < 0 && errno == EAGAIN) {
        c->readable = false;
        return STEP_WAIT;
    }
    if (n <= 0)
        return STEP_END;
    c->drained += (size_t)n;
    return c->drained > c->service->config->limits.linger_bytes ? STEP_END
                                                                : STEP_ON;
}

/* ------------------------------------------------------- whom it speaks for */

/* Tell a client that it is one too many. */
static enum step refuse(struct connection *c)
{
    return give_up_with(c, 503);
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

/* ------------------------------------------------------------------- turns */

/* Before waiting: keep nothing that is not needed, and say how long. */
static void settle(struct connection *c)
{
    struct exchange *x = c->exchange;

    if (c->state == LINGERING || c->state == PROXIED)
        return;
    if (c->state == READING && x && !http1_read_begun(&x->reader)) {
        drop_exchange(c);
        x = NULL;
    }
    if (c->state == READING && x && !http1_read_in_body(&x->reader)) {
        /* The whole head has one deadline, however its bytes trickle. */
        if (!x->timed)
            set_deadline(c, DEADLINE_HEAD);
        x->timed = true;
        return;
    }
    enum deadline_kind kind =
        c->state == READING && !x ? DEADLINE_IDLE : DEADLINE_PROGRESS;
    if (c->kind != kind || c->moved)
        set_deadline(c, kind);
}

static void take_turn(struct connection *c)
{
    enum step step = STEP_ON;

    for (int i = 0; step == STEP_ON && i < STEPS_A_TURN; i++) {
        if (c->state == READING)
            step = step_read(c);
        else if (c->state == PROXIED)
            step = step_proxy(c);
        else if (c->state == SENDING)
            step = step_send(c);
        else
            step = step_linger(c);
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
    set_deadline(c, proxied ? DEADLINE_HEAD : DEADLINE_IDLE);
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
    if (s->config->limits.connection_pond)
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
