/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H
/*
 * config.h - all that a server is told, in one structure, in a pond of its
 * own: a new configuration is a new pond, and the old one ends with its last
 * user. Nothing in it changes after it is made.
 */
#include <pond/pond.h>

#include "router.h"

/* What a client may ask of us, in bytes, milliseconds and counts. */
struct limits {
    size_t request_line;    /* method, target, version; more is a 414 */
    size_t field_block;     /* all field lines together; more is a 431 */
    size_t fields;          /* field lines; more is a 431 */
    uint64_t body;          /* more is a 413 */
    unsigned head_ms;       /* for the whole head of a request */
    unsigned progress_ms;   /* between two pieces of a body, in or out */
    unsigned idle_ms;       /* between two requests */
    unsigned linger_ms;     /* for a client to read our last words */
    size_t linger_bytes;    /* of what it still sends meanwhile */
    unsigned stop_ms;       /* for answers under way when we are stopped */
    size_t batch_bytes;     /* of pipelined answers held for one write */
    unsigned batch_answers; /* likewise, their number */
};

struct config {
    pond *pond;
    const char *address;
    uint16_t port;
    const char *root; /* the folder to serve, as it was given */
    const char *log;  /* a file, or NULL for standard output */
    struct limits limits;
    struct router router;
};

/* All defaults; NULL when out of memory. It owns its pond. */
struct config *config_create(void);
void config_destroy(struct config *c);
#endif
