/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H
/*
 * output.h - a queue of bytes on their way to a socket. A part is memory or a
 * range of a file; it lies in whatever pond its maker chose, which has to
 * live until the part is sent. Knows nothing of HTTP.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum refill { REFILL_MORE, REFILL_END, REFILL_FAILED };

struct part {
    struct part *next;
    /* Called when all is sent, to have bytes and length set anew; NULL: that
     * was all. */
    enum refill (*refill)(struct part *p);
    const char *bytes; /* memory, or NULL for a file */
    int fd;            /* of the file */
    uint64_t offset;   /* in the file */
    uint64_t length;   /* still to be sent */
};

struct output {
    struct part *first; /* NULL: nothing to send */
    struct part *last;
    uint64_t sent; /* bytes, since the maker last set it to 0 */
    bool failed;   /* a refill has */
};

enum output_result {
    OUTPUT_DONE,  /* all is sent */
    OUTPUT_AGAIN, /* the socket takes no more for now */
    OUTPUT_TURN,  /* a good share is sent: let others have a turn */
    OUTPUT_SHORT, /* a body that cannot be had to its end */
    OUTPUT_GONE   /* the other end, or the file, failed */
};

void output_append(struct output *o, struct part *p);
enum output_result output_send(struct output *o, int socket);
#endif
