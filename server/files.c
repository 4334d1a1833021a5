/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.c - see files.h. A file is opened first and looked at then, so what is
 * told of it and what is sent are of one file. Small ones are read into the
 * request's pond and share a write with their head; large ones stay open until
 * they are sent, and the pond closes them.
 */
#define _GNU_SOURCE 1
#include "files.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "date.h"
#include "mime.h"

#define INDEX "index.html"
#define READ_BYTES                                                             \
    32768 /* up to this a file is read, not sent by the kernel                 \
           */

/* A descriptor that its pond closes. */
struct open_file {
    int fd;
    struct stat st;
};

static void close_file(void *arg)
{
    struct open_file *f = arg;

    if (f->fd >= 0)
        close(f->fd);
}

static unsigned status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:        /* a link, where none is followed */
    case EXDEV:        /* a link that leaves the folder */
    case ENXIO:        /* a socket */
    case ENODEV:       /* a device without a driver */
    case ENAMETOOLONG: /* and so no file's */
        return 404;
    case EACCES:
    case EPERM:
        return 403;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
        return 503;
    default:
        return 500;
    }
}

static bool is_escaped(unsigned char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

    return !(letter || (c >= '0' && c <= '9') ||
             strchr("-._~/!$&'()*+,;=:@", c));
}

/* 301 to "/path/?query". The path is the one taken apart, so it begins with
 * one slash: "//host" cannot come of it. */
static bool redirect_to_folder(const struct request *q, struct response *r)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t n = strlen(q->path);
    char *to = pond_alloc(r->pond, 3 * n + q->query.length + 3), *at = to;

    if (!to)
        return false;
    *at++ = '/';
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)q->path[i];
        if (is_escaped(c)) {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        } else {
            *at++ = (char)c;
        }
    }
    *at++ = '/';
    if (q->query.length) {
        *at++ = '?';
        memcpy(at, q->query.at, q->query.length);
        at += q->query.length;
    }
    response_field(r, "Location", text_between(to, at));
    return response_page(r, 301, NULL);
}

/* Read all of a small file. What it holds now is its length. */
static bool add_contents(struct response *r, const struct open_file *f,
                         bool *failed)
{
    size_t size = (size_t)f->st.st_size, n = 0;
    char *bytes = pond_alloc(r->pond, size);

    if (!bytes)
        return false;
    while (n < size) {
        ssize_t some = pread(f->fd, bytes + n, size - n, (off_t)n);
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            *failed = true;
        if (some <= 0)
            break;
        n += (size_t)some;
    }
    return *failed || response_memory(r, bytes, n);
}

static bool is_unchanged(const struct request *q, const struct stat *st)
{
    const struct text *since = request_field(q, "if-modified-since");
    time_t when;

    return since && date_parse_http(*since, &when) && st->st_mtime <= when;
}

static bool respond_file(const struct request *q, struct response *r,
                         const char *path, const struct open_file *f)
{
    const char *slash = strrchr(path, '/');
    char *date = pond_alloc(r->pond, DATE_HTTP_LENGTH + 1);
    bool failed = false;

    if (!date)
        return false;
    date_format_http(f->st.st_mtime, date);
    if (is_unchanged(q, &f->st)) {
        r->status = 304;
        response_field(r, "Last-Modified", text_of(date));
        return true;
    }
    if (q->method == METHOD_HEAD) {
        r->length = (uint64_t)f->st.st_size;
    } else if (f->st.st_size > READ_BYTES) {
        if (!response_file(r, f->fd, 0, (uint64_t)f->st.st_size))
            return false;
    } else if (f->st.st_size > 0) {
        if (!add_contents(r, f, &failed))
            return false;
        if (failed)
            return response_page(r, 500, NULL);
    }
    const char *type = mime_of(slash ? slash + 1 : path);
    response_field(r, "Content-Type", text_of(type));
    response_field(r, "Last-Modified", text_of(date));
    response_field(r, "X-Content-Type-Options", text_of("nosniff"));
    return true;
}

static bool respond(const struct location *where, const struct request *q,
                    struct response *r)
{
    const struct beneath *root = where->state;
    const char *path = q->path;
    struct open_file *f = pond_new(r->pond, struct open_file);

    if (f)
        f->fd = -1;
    /* First the promise to close it, then the file. */
    if (!f || !pond_defer(r->pond, close_file, f))
        return false;
    if (q->folder)
        path = pond_printf(r->pond, *path ? "%s/" INDEX : "%s" INDEX, path);
    if (!path)
        return false;
    f->fd = beneath_file(root, path);
    if (f->fd < 0)
        return response_page(r, status_of(-f->fd), NULL);
    if (fstat(f->fd, &f->st))
        return response_page(r, status_of(errno), NULL);
    if (S_ISDIR(f->st.st_mode) && !q->folder)
        return redirect_to_folder(q, r);
    if (!S_ISREG(f->st.st_mode))
        return response_page(r, 404, NULL);
    return respond_file(q, r, path, f);
}

const struct handler files_handler = {
    .name = "files",
    .methods = METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_HEAD),
    .respond = respond,
};
