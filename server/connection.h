/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H
/*
 * connection.h - one client: its socket, its ponds, its turn to read, to be
 * answered and to be let go.
 *
 *     connection pond      this structure, and nothing else while it idles
 *       request pond       an exchange: reader, buffer, request, response
 *       output pond        small answers to pipelined requests, until sent
 *
 * Requests are answered one after the other. Where more requests lie behind
 * one in its buffer, its small answer is copied to the output pond, its own
 * pond ends, and all go out in one write. Files keep their pond until sent.
 */
#include "service.h"

/*
 * connection_begin - take over an accepted socket. One that is too many is told
 * so, and let go.
 * proxied  it begins with a PROXY header
 * Returns  false when out of memory or watches; then fd is still the caller's
 */
bool connection_begin(struct service *s, int fd, const union peer *peer,
                      bool proxied);

/* The server stops: end all that do not have an answer on its way. */
void connections_stop(struct service *s);
void connections_end(struct service *s);
#endif
