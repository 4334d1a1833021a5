/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H
/*
 * log.h - the access log: one line a request, in combined format. Lines are
 * gathered and written when the loop is about to wait. A log that cannot be
 * written (disk full, a pipe that nobody reads) loses lines, which are
 * counted; it never holds up the server.
 */
#include <stdint.h>

#include "text.h"
#include "trust.h"

#define LOG_BUFFER_BYTES 65536

struct log {
    int fd;             /* where to; -1: nowhere */
    bool may_block;     /* a pipe or a terminal: ask before writing */
    size_t used;        /* bytes in buffer, whole lines */
    uint64_t n_dropped; /* lines */
    char buffer[LOG_BUFFER_BYTES];
};

/* What a line tells. Texts may be empty, and may hold any bytes. */
struct log_entry {
    const union peer *peer;
    const char *when; /* as date_format_log writes it */
    struct text request_line;
    struct text referer;
    struct text user_agent;
    unsigned status;
    uint64_t body_bytes; /* sent */
};

/* path: a file to append to, or "-" for standard output. Returns a descriptor
 * to be closed by the caller, or -errno. */
int log_open(const char *path);

/* fd: lives longer than the log */
void log_begin(struct log *l, int fd);
void log_request(struct log *l, const struct log_entry *entry);
void log_flush(struct log *l);
/* Write what can be written; what remains is counted as dropped. */
void log_end(struct log *l);
#endif
