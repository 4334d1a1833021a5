/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * multipart.c - see multipart.h. The boundary is random, once a process, so a
 * file can hold it by no other chance than one in 2^128.
 */
#define _GNU_SOURCE 1
#include "multipart.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

static void set_boundary(struct multipart *m)
{
    static uint64_t chance[2];

    if (chance[0] == 0 &&
        getrandom(chance, sizeof(chance), 0) != sizeof(chance))
        chance[0] = (uint64_t)(uintptr_t)m | 1;
    snprintf(m->boundary, sizeof(m->boundary), "pond%016" PRIx64 "%016" PRIx64,
             chance[0], chance[1]);
}

const char *multipart_range(struct multipart *m, const struct range *range)
{
    return pond_printf(m->response->pond,
                       "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range->from,
                       range->from + range->length - 1, m->size);
}

bool multipart_next(struct multipart *m, const struct range *range)
{
    const char *told = multipart_range(m, range);

    if (!m->boundary[0])
        set_boundary(m);
    const char *head =
        told ? pond_printf(m->response->pond,
                           "%s--%s\r\nContent-Type: %.*s\r\n"
                           "Content-Range: %s\r\n\r\n",
                           m->response->length ? "\r\n" : "", m->boundary,
                           (int)m->type.length, m->type.at, told)
             : NULL;
    return head && response_memory(m->response, head, strlen(head));
}

bool multipart_end(struct multipart *m)
{
    pond *p = m->response->pond;
    const char *end = pond_printf(p, "\r\n--%s--\r\n", m->boundary);
    const char *type =
        pond_printf(p, "multipart/byteranges; boundary=%s", m->boundary);

    if (!end || !type)
        return false;
    m->type = text_of(type);
    return response_memory(m->response, end, strlen(end));
}
