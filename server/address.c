/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.c - see address.h. A taken port is found by a plain bind, one without
 * SO_REUSEADDR. That also fails for a minute after a server with connections
 * has stopped, so then a bind with SO_REUSEADDR decides, which fails where
 * somebody listens. SO_REUSEPORT is never set: it would share the port.
 */
#define _GNU_SOURCE 1
#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 4096

static void set_port(struct address *a, uint16_t port)
{
    if (a->family == AF_INET6)
        a->in6.sin6_port = htons(port);
    else
        a->in.sin_port = htons(port);
}

static uint16_t port_of(const struct address *a)
{
    return ntohs(a->family == AF_INET6 ? a->in6.sin6_port : a->in.sin_port);
}

const char *address_resolve(struct address *a, const char *name, uint16_t port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    int error = getaddrinfo(name, NULL, &hints, &found);

    if (error)
        return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
    memset(a, 0, sizeof(*a));
    if (found->ai_addrlen <= sizeof(a->in6)) {
        memcpy(&a->any, found->ai_addr, found->ai_addrlen);
        a->length = found->ai_addrlen;
    }
    freeaddrinfo(found);
    if (a->family != AF_INET && a->family != AF_INET6)
        return "It is neither an IPv4 nor an IPv6 address";
    set_port(a, port);
    return NULL;
}

/* A bound socket, or -errno. */
static int bind_to(const struct address *a, bool reuse)
{
    int on = 1;
    int fd = socket(a->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    if ((reuse && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on))) ||
        bind(fd, &a->any, a->length)) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int address_listen(const struct address *a)
{
    int on = 1;
    int probe = bind_to(a, false);

    if (probe < 0 && probe != -EADDRINUSE)
        return probe;
    if (probe >= 0)
        close(probe);
    int fd = bind_to(a, true);
    if (fd < 0)
        return fd;
    /* What is accepted inherits the option: no waiting for a fuller packet. */
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
        listen(fd, BACKLOG)) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

uint16_t address_next_free(const struct address *a)
{
    struct address next = *a;

    for (unsigned port = port_of(a) + 1U; port <= 65535; port++) {
        set_port(&next, (uint16_t)port);
        int fd = bind_to(&next, false);
        if (fd == -EADDRINUSE || fd == -EACCES)
            continue;
        if (fd < 0)
            return 0;
        close(fd);
        return (uint16_t)port;
    }
    return 0;
}

void address_url(const struct address *a, char url[ADDRESS_URL_BYTES])
{
    char host[INET6_ADDRSTRLEN] = "";

    if (a->family == AF_INET6) {
        bool any = IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr);
        inet_ntop(AF_INET6, any ? &in6addr_loopback : &a->in6.sin6_addr, host,
                  sizeof(host));
    } else {
        struct in_addr in = a->in.sin_addr;
        if (in.s_addr == htonl(INADDR_ANY))
            in.s_addr = htonl(INADDR_LOOPBACK);
        inet_ntop(AF_INET, &in, host, sizeof(host));
    }
    snprintf(url, ADDRESS_URL_BYTES,
             a->family == AF_INET6 ? "http://[%s]:%u/" : "http://%s:%u/", host,
             (unsigned)port_of(a));
}
