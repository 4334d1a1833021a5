/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_TRUST_H
#define SERVER_TRUST_H
/*
 * trust.h - addresses of clients, and which of them are proxies whose word is
 * taken for whom they speak for.
 */
#include <netinet/in.h>
#include <stdint.h>

#include "text.h"

/* The other end of a connection, or of nothing (family 0). */
union peer {
    sa_family_t family;
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

/* A network: all addresses that share their first bits. */
struct network {
    struct network *next;
    bool local; /* clients of unix sockets; nothing else counts */
    uint8_t address[16];
    unsigned bits; /* of 128; IPv4 stands below ::ffff:0:0/96 */
};

/* "10.0.0.0/8", "::1", "unix". False: it is none of these. */
bool network_parse(struct network *n, const char *text);

/* The address as 16 bytes; IPv4 below ::ffff:0:0/96; false for others. */
bool peer_bytes(const union peer *p, uint8_t bytes[16]);

/* An address without a port: "192.0.2.1", "2001:db8::1". */
bool peer_parse(union peer *p, struct text t);

bool peer_is_trusted(const struct network *trusted, const union peer *p);

/*
 * peer_forwarded - whom a trusted peer speaks for: the last address of the
 * X-Forwarded-For fields that is not itself trusted. list: one field's value;
 * the fields are to be given last one first.
 * Returns true when *p was found; false: go on with the field before it
 */
bool peer_forwarded(const struct network *trusted, struct text list,
                    union peer *p, bool *broken);
#endif
