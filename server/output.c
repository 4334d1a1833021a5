/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.c - see output.h. Memory goes out by one sendmsg for up to 16 parts,
 * a file by sendfile; memory before a file asks the kernel to wait for more,
 * so that a head shares a packet with the beginning of its body.
 */
#define _GNU_SOURCE 1
#include "output.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define PARTS_A_CALL 16
#define TURN_BYTES 1048576

void output_append(struct output *o, struct part *p)
{
    p->next = NULL;
    if (p->length == 0)
        return;
    if (o->first)
        o->last->next = p;
    else
        o->first = p;
    o->last = p;
}

static void took(struct output *o, size_t n)
{
    o->sent += n;
    while (n > 0) {
        struct part *p = o->first;
        size_t some = n < p->length ? n : (size_t)p->length;
        if (p->bytes)
            p->bytes += some;
        p->offset += some;
        p->length -= some;
        n -= some;
        if (p->length > 0)
            continue;
        enum refill more = p->refill ? p->refill(p) : REFILL_END;
        o->failed |= more == REFILL_FAILED;
        if (more != REFILL_MORE)
            o->first = p->next;
    }
}

static ssize_t send_memory(struct output *o, int socket)
{
    struct iovec iov[PARTS_A_CALL];
    struct msghdr message = {.msg_iov = iov};
    struct part *p = o->first;
    int n = 0;

    for (; p && p->bytes && n < PARTS_A_CALL; p = p->next, n++)
        iov[n] = (struct iovec){(void *)(uintptr_t)p->bytes, (size_t)p->length};
    message.msg_iovlen = (size_t)n;
    return sendmsg(socket, &message, MSG_NOSIGNAL | (p ? MSG_MORE : 0));
}

static ssize_t send_file(struct output *o, int socket)
{
    struct part *p = o->first;
    off_t offset = (off_t)p->offset;
    size_t n = p->length < TURN_BYTES ? (size_t)p->length : TURN_BYTES;

    return sendfile(socket, p->fd, &offset, n);
}

enum output_result output_send(struct output *o, int socket)
{
    uint64_t turn = o->sent + TURN_BYTES;

    while (o->first) {
        bool file = !o->first->bytes;
        ssize_t n = file ? send_file(o, socket) : send_memory(o, socket);
        if (n > 0) {
            took(o, (size_t)n);
            if (o->failed)
                return OUTPUT_SHORT;
            if (o->first && (o->sent >= turn || o->first->refill))
                return OUTPUT_TURN;
            continue;
        }
        if (n == 0)
            return file ? OUTPUT_SHORT : OUTPUT_GONE;
        if (errno == EAGAIN)
            return OUTPUT_AGAIN;
        if (errno != EINTR)
            return OUTPUT_GONE;
    }
    return OUTPUT_DONE;
}
