/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H
/*
 * config.h - all that a server is told, in one structure, in a pond of its
 * own: a new configuration is a new pond, and the old one ends with its last
 * user. Nothing in it changes after it is made.
 */
#include <pond/pond.h>

#include "address.h"
#include "mime.h"
#include "router.h"
#include "trust.h"

/* What a client may ask of us, in bytes, milliseconds and counts. 0 stands for
 * "no limit" where the comment says so. */
struct limits {
    size_t request_line;    /* method, target, version; more is a 414 */
    size_t field_block;     /* all field lines together; more is a 431 */
    size_t fields;          /* field lines; more is a 431 */
    size_t body;            /* more is a 413 */
    size_t request_pond;    /* all that one request may hold */
    size_t connection_pond; /* with all its requests */
    unsigned head_ms;       /* for the whole head of a request */
    unsigned progress_ms;   /* between two pieces of a body, in or out */
    unsigned idle_ms;       /* between two requests */
    unsigned linger_ms;     /* for a client to read our last words */
    size_t linger_bytes;    /* of what it still sends meanwhile */
    unsigned stop_ms;       /* for answers under way when we are stopped */
    size_t batch_bytes;     /* of pipelined answers held for one write */
    size_t batch_answers;   /* likewise, their number */
    size_t connections;     /* at once; 0: by the descriptors we may have */
    size_t per_address;     /* connections from one address; 0: any number */
    size_t requests;        /* of one connection; 0: any number */
    size_t cached_files;    /* kept open */
    size_t cached_bytes;    /* of small files, kept in memory */
    unsigned cached_ms;     /* before a kept file is looked at again */
};

/* Where to listen. */
struct listen {
    struct listen *next;
    struct address address;
    const char *text; /* as it was given */
    bool proxied;     /* connections begin with a PROXY header */
};

struct config {
    pond *pond;
    struct listen *listens;
    const char *log;         /* a file, "-" for standard output, or "off" */
    struct network *proxies; /* that are trusted */
    const char *mime_types;  /* a file, or NULL */
    struct mime_types *types;
    unsigned unix_mode; /* of unix sockets */
    struct limits limits;
    struct router router;
};

/* All defaults, with one site; NULL when out of memory. It owns its pond. */
struct config *config_create(void);
void config_destroy(struct config *c);

/* What is wrong, for people: never NULL, which would mean that nothing is. */
const char *config_why(struct config *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Another site behind the others, as if nothing were said of it. NULL when out
 * of memory. */
struct site *config_add_site(struct config *c);

/* Another place within a site, answered like the rest of it. NULL: likewise. */
struct location *config_add_location(struct config *c, struct site *s,
                                     const char *path);

/* Returns NULL, or what is wrong with the address; "" when out of memory. */
const char *config_add_listen(struct config *c, const char *text, bool proxied);

/*
 * config_finish - what was left unsaid is filled in, and the folders are
 * opened. Returns NULL, or what is wrong.
 */
const char *config_finish(struct config *c);
#endif
