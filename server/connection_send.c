/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection_send.c - from answers to the socket, and the last words: what is
 * said when there is no memory, and waiting for the client to read it.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/socket.h>

#include "connection_inner.h"
#include "http1_write.h"

static uint64_t body_sent(const struct connection *c)
{
    uint64_t sent = c->output.sent, head = c->exchange->head;

    return sent > head ? sent - head : 0;
}

void connection_log_exchange(struct connection *c)
{
    const struct exchange *x = c->exchange;

    exchange_log(&x->request, c->service, &x->peer, x->response.status,
                 body_sent(c));
}

void connection_drop_exchange(struct connection *c)
{
    if (c->exchange)
        exchange_end(c->exchange);
    c->exchange = NULL;
}

/* Stop writing, and let the client read our last words: closing while it still
 * sends would make its kernel throw them away. */
static enum step linger(struct connection *c)
{
    connection_drop_exchange(c);
    batch_end(c->batch);
    c->batch = NULL;
    if (c->at_end || shutdown(c->source.fd, SHUT_WR))
        return STEP_END;
    c->state = LINGERING;
    c->drained = 0;
    connection_set_deadline(c, DEADLINE_LINGER);
    return STEP_ON;
}

/* The last answer is sent. */
static enum step let_go(struct connection *c)
{
    const struct exchange *x = c->exchange;

    /* It said that nothing would follow, and nothing did. */
    if (x && !x->unread && !x->request.keep_alive &&
        http1_read_rest(&x->reader).length == 0) {
        connection_drop_exchange(c);
        return STEP_END;
    }
    return linger(c);
}

/* Out of memory, or over a limit, so these words are ready-made. */
enum step connection_give_up(struct connection *c, unsigned status)
{
    char words[HTTP1_LAST_WORDS];
    size_t n = http1_write_last_words(words, status, &c->service->loop.clock);

    exchange_log(c->exchange ? &c->exchange->request : NULL, c->service,
                 &c->peer, status, 0);
    c->output = (struct output){0};
    if (c->batch)
        batch_send(c->batch, &c->output);
    if (output_send(&c->output, c->source.fd) != OUTPUT_DONE ||
        send(c->source.fd, words, n, MSG_NOSIGNAL) < 0) {
        connection_drop_exchange(c);
        return STEP_END;
    }
    return linger(c);
}

void connection_begin_to_send(struct connection *c)
{
    c->state = SENDING;
    if (!c->batch)
        return;
    if (c->exchange && c->exchange->answered)
        c->exchange->head += c->batch->used;
    batch_send(c->batch, &c->output);
}

static enum step all_sent(struct connection *c)
{
    struct exchange *x = c->exchange;

    batch_end(c->batch);
    c->batch = NULL;
    c->state = READING;
    if (x && x->answered) {
        connection_log_exchange(c);
        x->answered = false;
        if (!x->close && !c->service->stopping)
            return connection_next_exchange(c);
        return let_go(c);
    }
    return c->service->stopping ? linger(c) : STEP_ON;
}

enum step connection_send(struct connection *c)
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

enum step connection_linger(struct connection *c)
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
