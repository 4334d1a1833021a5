/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gzip.c - see gzip.h. A window of 4 KiB and half the usual hash cost a few
 * percent of size, and take 38 KiB where zlib's defaults take 262.
 */
#define _GNU_SOURCE 1
#include "gzip.h"

#include <errno.h>
#include <unistd.h>
#include <zlib.h>

#define LEVEL 4
#define WINDOW_BITS 12
#define GZIP_FORMAT 16 /* added to the bits: a gzip head and checksum */
#define MEMORY_LEVEL 5
#define READ_BYTES 16384

struct gzip {
    struct stream stream;
    const struct file *file;
    uint64_t offset; /* of the file, read so far */
    z_stream z;
    bool ended;
    char *buffer; /* for a file that is not in memory */
};

static voidpf take(voidpf p, uInt items, uInt size)
{
    return pond_alloc(p, (size_t)items * size);
}

/* It ends with the pond. */
static void leave(voidpf p, voidpf bytes)
{
    (void)p;
    (void)bytes;
}

/* More input; false when the file fails or has shrunk. */
static bool refill(struct gzip *g)
{
    const struct file *f = g->file;
    uint64_t rest = f->size - g->offset;
    size_t n = rest < READ_BYTES ? (size_t)rest : READ_BYTES;

    if (f->bytes) {
        g->z.next_in = (Bytef *)(uintptr_t)(f->bytes + g->offset);
    } else {
        ssize_t got;
        do
            got = pread(f->fd, g->buffer, n, (off_t)g->offset);
        while (got < 0 && errno == EINTR);
        if (got <= 0)
            return false;
        n = (size_t)got;
        g->z.next_in = (Bytef *)g->buffer;
    }
    g->z.avail_in = (uInt)n;
    g->offset += n;
    return true;
}

static ssize_t read_some(struct stream *s, char *to, size_t room)
{
    struct gzip *g = (struct gzip *)s;

    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)room;
    while (g->z.avail_out > 0 && !g->ended) {
        bool more = g->offset < g->file->size;
        if (g->z.avail_in == 0 && more && !refill(g))
            return -1;
        more = g->offset < g->file->size;
        int status = deflate(&g->z, more ? Z_NO_FLUSH : Z_FINISH);
        g->ended = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_BUF_ERROR && !g->ended)
            return -1;
    }
    return (ssize_t)(room - g->z.avail_out);
}

bool gzip_respond(struct response *r, const struct file *f)
{
    struct gzip *g = pond_new(r->pond, struct gzip);

    if (!g)
        return false;
    *g =
        (struct gzip){.stream = {.read = read_some},
                      .file = f,
                      .z = {.zalloc = take, .zfree = leave, .opaque = r->pond}};
    if (!f->bytes)
        g->buffer = pond_alloc(r->pond, READ_BYTES);
    if ((!f->bytes && !g->buffer) ||
        deflateInit2(&g->z, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_FORMAT,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    r->stream = &g->stream;
    return true;
}
