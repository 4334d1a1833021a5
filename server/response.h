/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H
/*
 * response.h - an answer, whatever version of HTTP will carry it: a status,
 * fields, and a body made of memory and ranges of files. All of it lies in the
 * request's pond. Fields that frame the message (Content-Length, Connection,
 * Date) are not among them: who writes the message adds those.
 */
#include "output.h"
#include "text.h"
#include <pond/pond.h>

#define RESPONSE_FIELDS 12

struct response_field {
    const char *name; /* as it is to be written */
    struct text value;
};

struct response {
    pond *pond;
    unsigned status;
    struct response_field fields[RESPONSE_FIELDS];
    size_t n_fields;
    uint64_t length;    /* of the body, whether it is sent or not (HEAD) */
    struct part *first; /* the body; NULL: none, or none wanted */
    struct part *last;
};

void response_init(struct response *r, pond *p);

/* value has to live as long as the pond. More than RESPONSE_FIELDS is an error
 * of the program (asserted). */
void response_field(struct response *r, const char *name, struct text value);

/* Add memory, or a range of a file that stays open as long as the pond lives.
 * False when out of memory. */
bool response_memory(struct response *r, const char *bytes, size_t length);
bool response_file(struct response *r, int fd, uint64_t offset,
                   uint64_t length);

/* Make it a short page that tells a status and why (NULL: the usual reason),
 * dropping any body it had. False when out of memory. */
bool response_page(struct response *r, unsigned status, const char *why);

/* "Not Found" for 404. */
const char *status_phrase(unsigned status);
#endif
