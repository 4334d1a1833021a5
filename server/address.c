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
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 4096

static void set_port(struct address *a, uint16_t port)
{
    if (a->family == AF_INET6)
        a->in6.sin6_port = htons(port);
    else
        a->in.sin_port = htons(port);
}

uint16_t address_port(const struct address *a)
{
    if (a->family == AF_UNIX)
        return 0;
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

bool address_parse_port(const char *s, uint16_t *port)
{
    unsigned value = 0;

    for (const char *at = s; *at; at++) {
        if (*at < '0' || *at > '9')
            return false;
        value = value * 10 + (unsigned)(*at - '0');
        if (value > 65535)
            return false;
    }
    *port = (uint16_t)value;
    return value > 0;
}

static const char *parse_unix(struct address *a, const char *path)
{
    size_t n = strlen(path);

    memset(a, 0, sizeof(*a));
    if (n == 0)
        return "a path is missing behind unix:";
    if (n >= sizeof(a->un.sun_path))
        return "the path of a unix socket has at most 107 bytes";
    a->un.sun_family = AF_UNIX;
    memcpy(a->un.sun_path, path, n);
    a->length = (socklen_t)sizeof(a->un);
    return NULL;
}

const char *address_parse(struct address *a, const char *text)
{
    char host[256];
    const char *colon = strrchr(text, ':');
    const char *name = text, *end = colon;
    uint16_t port;

    if (strncmp(text, "unix:", 5) == 0)
        return parse_unix(a, text + 5);
    if (!address_parse_port(colon ? colon + 1 : text, &port))
        return "it has to end in a port from 1 to 65535";
    if (!colon)
        return address_resolve(a, "127.0.0.1", port);
    if (*text == '[') {
        name++;
        end--;
        if (end <= name || *end != ']')
            return "an IPv6 address stands in brackets";
    } else if (memchr(text, ':', (size_t)(colon - text))) {
        return "an IPv6 address stands in brackets";
    }
    if (end == name || (size_t)(end - name) >= sizeof(host))
        return "it has to begin with an address";
    memcpy(host, name, (size_t)(end - name));
    host[end - name] = '\0';
    return address_resolve(a, host, port);
}

/* A bound socket, or -errno. */
static int bind_to(const struct address *a, bool reuse)
{
    int on = 1;
    int fd = socket(a->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    /* [::]:80 and 0.0.0.0:80 are two, whatever the system's setting. */
    if (a->family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if ((reuse && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on))) ||
        bind(fd, &a->any, a->length)) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* A socket that nobody answers at is what a server that died has left. */
static bool is_stale(const struct address *a)
{
    struct stat st;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 && connect(fd, &a->any, a->length) != 0 &&
                   errno == ECONNREFUSED;

    if (fd >= 0)
        close(fd);
    return refused && lstat(a->un.sun_path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static int listen_unix(const struct address *a, mode_t mode)
{
    if (is_stale(a))
        unlink(a->un.sun_path);
    int fd = bind_to(a, false);
    if (fd < 0)
        return fd;
    if (chmod(a->un.sun_path, mode) || listen(fd, BACKLOG)) {
        int error = errno;
        close(fd);
        unlink(a->un.sun_path);
        return -error;
    }
    return fd;
}

void address_unlisten(const struct address *a)
{
    if (a->family == AF_UNIX)
        unlink(a->un.sun_path);
}

int address_listen(const struct address *a, mode_t mode)
{
    int on = 1;

    if (a->family == AF_UNIX)
        return listen_unix(a, mode);
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

    if (a->family == AF_UNIX)
        return 0;
    for (unsigned port = address_port(a) + 1U; port <= 65535; port++) {
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

    if (a->family == AF_UNIX) {
        snprintf(url, ADDRESS_URL_BYTES, "unix:%s", a->un.sun_path);
        return;
    }
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
             (unsigned)address_port(a));
}
