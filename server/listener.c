/* SPDX-License-Identifier: BSD-2-Clause */
/* listener.c - see listener.h. */
#define _GNU_SOURCE 1
#include "listener.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

#define ACCEPTS_A_TURN 64

/* Watched by level, so what one turn leaves is told again. */
#define EVENTS EPOLLIN

static void pause_accepting(struct listener *l)
{
    if (!list_empty(&l->waiting))
        return;
    list_append(&l->service->listeners, &l->waiting);
    deadline_set(&l->service->loop, &l->retry, DEADLINE_ACCEPT);
    loop_rewatch(&l->service->loop, &l->source, 0);
}

static void resume_accepting(struct listener *l)
{
    list_remove(&l->waiting);
    deadline_clear(&l->retry);
    /* Not watched, it would be deaf for good: try again later. */
    if (loop_rewatch(&l->service->loop, &l->source, EVENTS))
        pause_accepting(l);
}

/* Errors of one connection, of which the next knows nothing. */
static bool is_passing(int error)
{
    return error == EINTR || error == ECONNABORTED || error == EPROTO ||
           error == EPERM;
}

static void on_event(struct source *s, uint32_t events)
{
    struct listener *l = LIST_OWNER(s, struct listener, source);

    (void)events;
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        union peer peer = {0};
        struct sockaddr_storage from = {0};
        socklen_t length = sizeof(from);
        int fd = accept4(s->fd, (struct sockaddr *)&from, &length,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (is_passing(errno))
                continue;
            if (errno != EAGAIN)
                pause_accepting(l);
            return;
        }
        peer.family = from.ss_family;
        if (from.ss_family != AF_UNIX)
            memcpy(&peer, &from, sizeof(peer));
        if (!connection_begin(l->service, fd, &peer, l->proxied)) {
            close(fd);
            pause_accepting(l);
            return;
        }
    }
}

static void on_expiry(struct deadline *d)
{
    resume_accepting(LIST_OWNER(d, struct listener, retry));
}

int listener_begin(struct listener *l, struct service *s, int fd, bool proxied)
{
    *l = (struct listener){.source = {.on_event = on_event, .fd = fd},
                           .service = s,
                           .proxied = proxied};
    list_init(&l->waiting);
    deadline_init(&l->retry, on_expiry);
    return loop_watch(&s->loop, &l->source, EVENTS);
}

void listener_end(struct listener *l)
{
    list_remove(&l->waiting);
    deadline_clear(&l->retry);
    loop_forget(&l->source);
    close(l->source.fd);
}

void listener_wake(struct service *s)
{
    struct link waiting;

    list_take_all(&waiting, &s->listeners);
    while (!list_empty(&waiting))
        resume_accepting(LIST_OWNER(waiting.next, struct listener, waiting));
}
