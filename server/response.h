/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H
/*
 * response.h - an answer, whatever version of HTTP will carry it: a status,
 * fields, and a body made of memory and ranges of files. All of it lies in the
 * request's pond. Fields that frame the message (Content-Length, Connection,
 * Date) are not among them: who writes the message adds those.
 */
#include <assert.h>
#include <sys/types.h>

#include "output.h"
#include "text.h"
#include <pond/pond.h>

#define RESPONSE_FIELDS 12

/* A body that is made as it is sent. */
struct stream {
    /* Put up to room bytes at to; returns how many, fewer only at the end, 0
     * behind it, -1 when it cannot go on. */
    ssize_t (*read)(struct stream *s, char *to, size_t room);
};

struct response_field {
    struct text name; /* as it is to be written */
    struct text value;
};

struct response {
    pond *pond;
    unsigned status;
    struct response_field fields[RESPONSE_FIELDS];
    size_t n_fields;
    const struct response_field *extra; /* further ones, of the location */
    size_t n_extra;
    uint64_t length;       /* of the body, whether it is sent or not (HEAD) */
    struct stream *stream; /* instead of parts; its length is not known */
    bool unsized;          /* a body that is not sent, of unknown length */
    struct part *first;    /* the body; NULL: none, or none wanted */
    struct part *last;
};

void response_init(struct response *r, pond *p);

/* value has to live as long as the pond. More than RESPONSE_FIELDS is an error
 * of the program (asserted). Inlined, so that the lengths of names are known
 * when it is compiled. */
static inline void response_field(struct response *r, const char *name,
                                  struct text value)
{
    assert(r->n_fields < RESPONSE_FIELDS);
    r->fields[r->n_fields++] = (struct response_field){text_of(name), value};
}

/* Add memory, or a range of a file that stays open as long as the pond lives.
 * False when out of memory. */
bool response_memory(struct response *r, const char *bytes, size_t length);
bool response_file(struct response *r, int fd, uint64_t offset,
                   uint64_t length);

/* Take back the body, and Content-Type with it. */
void response_drop_body(struct response *r);

/* What each page made here begins with. */
#define RESPONSE_PAGE                                                          \
    "<!DOCTYPE html>\n"                                                        \
    "<html lang=\"en\">\n"                                                     \
    "<meta charset=\"utf-8\">\n"                                               \
    "<meta name=\"viewport\" content=\"width=device-width\">\n"                \
    "<meta name=\"color-scheme\" content=\"light dark\">\n"

/* Make it a short page that tells a status and why (NULL: the usual reason),
 * dropping any body it had. False when out of memory. */
bool response_page(struct response *r, unsigned status, const char *why);

/* "Not Found" for 404. */
const char *status_phrase(unsigned status);
#endif
