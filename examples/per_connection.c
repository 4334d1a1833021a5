/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * per_connection.c - the shape of a server: a pond for each connection, and
 * in it a child for each request.
 *
 *     cc per_connection.c $(pkg-config --cflags --libs pond)
 *
 * What belongs to a request goes when it has been answered, what belongs to
 * the connection when that closes, whatever was still going on in it.
 */
#include <pond/pond.h>
#include <stdio.h>

struct connection {
    pond *life; /* the struct itself lives in there too */
    const char *peer;
    unsigned n_requests;
};

static struct connection *connection_open(const char *peer)
{
    pond *life = pond_create(NULL, "connection");
    if (life == NULL)
        return NULL;
    struct connection *c = pond_new(life, struct connection);
    if (c == NULL) {
        pond_destroy(life);
        return NULL;
    }
    c->life = life;
    c->n_requests = 0;
    c->peer = pond_strdup(life, peer);
    return c;
}

static void connection_close(struct connection *c)
{
    pond_destroy(c->life);
}

static void request_answer(struct connection *c, const char *path)
{
    pond *request = pond_create(c->life, "request");
    if (request == NULL)
        return;
    c->n_requests++;
    const char *body = pond_printf(request, "you asked for %s", path);
    if (body != NULL)
        printf("%s, request %u: %s\n", c->peer, c->n_requests, body);
    pond_destroy(request); /* the connection goes on, no larger than before */
}

int main(void)
{
    struct connection *c = connection_open("192.0.2.7");
    if (c == NULL || c->peer == NULL)
        return 1;
    request_answer(c, "/");
    request_answer(c, "/style.css");

    /* Two that are never finished: the peer hangs up. */
    pond *slow = pond_create(c->life, "request");
    pond *part = pond_create(slow, "upload");
    if (slow == NULL || part == NULL || pond_strdup(part, "half a") == NULL)
        return 1;
    printf("%s hangs up with %zu request open\n", c->peer,
           pond_usage_get(c->life).n_children);
    connection_close(c);
    printf("ponds left: %zu\n", pond_process_usage_get().n_ponds);
    return 0;
}

/* Prints:
192.0.2.7, request 1: you asked for /
192.0.2.7, request 2: you asked for /style.css
192.0.2.7 hangs up with 1 request open
ponds left: 0
*/
