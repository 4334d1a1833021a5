/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H
/*
 * listener.h - accepts connections. Where descriptors or memory run out it
 * stops asking for them, and starts again when a connection has ended or a
 * little later.
 */
#include "service.h"

struct listener {
    struct source source;
    struct service *service;
    struct link waiting; /* on the service's list */
    bool proxied;        /* connections begin with a PROXY header */
    struct deadline retry;
};

/* fd: listening and non-blocking; owned from now on. 0 or -errno. */
int listener_begin(struct listener *l, struct service *s, int fd, bool proxied);
void listener_end(struct listener *l);

/* Connections have ended: whoever waits for that may try again. */
void listener_wake(struct service *s);
#endif
