/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - see log.h. What a client sends is never written as it came: control
 * bytes, quotes, backslashes and all beyond ASCII become \xHH, so that a line
 * is a line and a terminal stays as it is.
 */
#define _GNU_SOURCE 1
#include "log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of each text this much; the rest is told by three dots. */
#define TEXT_SHOWN 2048
/* Three texts, four bytes for each of theirs, and what stands around them. */
#define LINE_MAX_BYTES (3 * 4 * TEXT_SHOWN + 256)

_Static_assert(LINE_MAX_BYTES < LOG_BUFFER_BYTES, "a line fits the buffer");

int log_open(const char *path)
{
    int fd =
        strcmp(path, "-") != 0
            ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
                   0644)
            : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);

    return fd < 0 ? -errno : fd;
}

void log_begin(struct log *l, int fd)
{
    struct stat st;

    l->fd = fd;
    l->used = 0;
    l->n_dropped = 0;
    l->may_block = fd >= 0 && (fstat(fd, &st) || S_ISFIFO(st.st_mode) ||
                               S_ISSOCK(st.st_mode) || isatty(fd));
}

static char *put(char *at, const char *s)
{
    size_t n = strlen(s);

    memcpy(at, s, n);
    return at + n;
}

static char *put_number(char *at, uint64_t value)
{
    char digits[20];
    int n = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (n)
        *at++ = digits[--n];
    return at;
}

static char *put_quoted(char *at, struct text t)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t shown = t.length < TEXT_SHOWN ? t.length : TEXT_SHOWN;

    *at++ = '"';
    if (t.length == 0)
        *at++ = '-';
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            *at++ = (char)c;
            continue;
        }
        *at++ = '\\';
        *at++ = 'x';
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    }
    if (shown < t.length)
        at = put(at, "...");
    *at++ = '"';
    return at;
}

static char *put_peer(char *at, const union peer *p)
{
    const char *s = NULL;

    if (p->family == AF_INET)
        s = inet_ntop(AF_INET, &p->in.sin_addr, at, INET_ADDRSTRLEN);
    else if (p->family == AF_INET6)
        s = inet_ntop(AF_INET6, &p->in6.sin6_addr, at, INET6_ADDRSTRLEN);
    if (p->family == AF_UNIX)
        return put(at, "unix");
    return s ? at + strlen(s) : put(at, "-");
}

void log_request(struct log *l, const struct log_entry *entry)
{
    if (l->fd < 0)
        return;
    if (LOG_BUFFER_BYTES - l->used < LINE_MAX_BYTES) {
        log_flush(l);
        if (LOG_BUFFER_BYTES - l->used < LINE_MAX_BYTES) {
            l->n_dropped++;
            return;
        }
    }
    char *at = put_peer(l->buffer + l->used, entry->peer);
    at = put(at, " - - [");
    at = put(at, entry->when);
    at = put(at, "] ");
    at = put_quoted(at, entry->request_line);
    *at++ = ' ';
    at = put_number(at, entry->status);
    *at++ = ' ';
    at = put_number(at, entry->body_bytes);
    *at++ = ' ';
    at = put_quoted(at, entry->referer);
    *at++ = ' ';
    at = put_quoted(at, entry->user_agent);
    *at++ = '\n';
    l->used = (size_t)(at - l->buffer);
}

static uint64_t count_lines(const char *at, size_t n)
{
    uint64_t lines = 0;

    for (size_t i = 0; i < n; i++)
        lines += at[i] == '\n';
    return lines;
}

/* How much may be written now without having to wait. */
static size_t may_write(const struct log *l, size_t n)
{
    struct pollfd p = {.fd = l->fd, .events = POLLOUT};

    if (!l->may_block)
        return n;
    if (poll(&p, 1, 0) < 1 || !(p.revents & (POLLOUT | POLLERR)))
        return 0;
    return n < PIPE_BUF ? n : PIPE_BUF;
}

void log_flush(struct log *l)
{
    size_t done = 0;

    while (done < l->used) {
        size_t n = may_write(l, l->used - done);
        if (n == 0)
            break;
        ssize_t written = write(l->fd, l->buffer + done, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN)
            break;
        if (written <= 0) {
            l->n_dropped += count_lines(l->buffer + done, l->used - done);
            done = l->used;
            break;
        }
        done += (size_t)written;
    }
    memmove(l->buffer, l->buffer + done, l->used - done);
    l->used -= done;
}

void log_end(struct log *l)
{
    log_flush(l);
    l->n_dropped += count_lines(l->buffer, l->used);
    l->used = 0;
}
