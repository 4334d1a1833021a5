/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H
/* address.h - where to listen: names, ports, and whether they are free. */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

struct address {
    union {
        sa_family_t family;
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
    };
    socklen_t length;
};

/* "127.0.0.1", "::1" or a name. Returns NULL, or what is wrong. */
const char *address_resolve(struct address *a, const char *name, uint16_t port);

/* "8080", "127.0.0.1:8080", "[::1]:8080" or "unix:/path". Likewise. */
const char *address_parse(struct address *a, const char *text);

/* 1 to 65535; false for anything else. */
bool address_parse_port(const char *s, uint16_t *port);

/* Listen there. Returns a descriptor, or -errno; EADDRINUSE says that somebody
 * has the port, and not merely that connections of ours have just ended, or
 * that a server died without removing its socket. mode: of a unix socket. */
int address_listen(const struct address *a, mode_t mode);

/* Remove what address_listen has left in the file system. */
void address_unlisten(const struct address *a);

uint16_t address_port(const struct address *a);

/* The next port above that somebody could listen at; 0: there is none. */
uint16_t address_next_free(const struct address *a);

/* "http://127.0.0.1:8080/", as one would reach it from this machine, or
 * "unix:/path". */
#define ADDRESS_URL_BYTES 128
void address_url(const struct address *a, char url[ADDRESS_URL_BYTES]);
#endif
