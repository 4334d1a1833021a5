/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.c - see files.h. Which of a file's forms is sent (as it is, or one of
 * its packed ones) is settled first: conditions and ranges are of that form.
 */
#define _GNU_SOURCE 1
#include "files.h"

#include <errno.h>
#include <inttypes.h>

#include "cache.h"
#include "condition.h"
#include "encoding.h"
#include "escape.h"
#include "gzip.h"
#include "listing.h"
#include "multipart.h"
#include "service.h"

const struct files_options files_defaults = {
    .root = ".",
    .precompressed = true,
    .gzip = true,
    .index = {"index.html"},
    .n_index = 1,
    .folder = {.folder = -1},
};

int files_open(struct files_options *o)
{
    return beneath_open(&o->folder, o->root, (enum beneath_links)o->links);
}

void files_close(struct files_options *o)
{
    beneath_close(&o->folder);
}

/* One form of a file, about to be sent. */
struct form {
    struct file *file;
    const char *coding; /* NULL: none */
    bool packing;       /* as it is sent */
    bool varies;        /* others might get another form */
    struct text etag;
};

unsigned files_status_of(int error)
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

bool files_is_hidden(const char *path)
{
    const char *at = path;

    if (strncmp(at, ".well-known", 11) == 0 && (at[11] == '/' || !at[11]))
        at += 11;
    if (*at == '.')
        return true;
    return strstr(at, "/.") != NULL;
}

/* 301 to "/path/?query". The path is the one taken apart, so it begins with
 * one slash: "//host" cannot come of it. */
static bool redirect_to_folder(const struct request *q, struct response *r)
{
    const char *path = escape_url(r->pond, q->path);

    if (!path)
        return false;
    char *to =
        pond_printf(r->pond, "/%s/%s%.*s", path, q->query.length ? "?" : "",
                    (int)q->query.length, q->query.length ? q->query.at : "");
    if (!to)
        return false;
    response_field(r, "Location", text_of(to));
    return response_page(r, 301, NULL);
}

static const char *path_below_root(const struct location *where,
                                   const char *path)
{
    const struct files_options *o = where->options;
    size_t n = strlen(where->path);

    if (!o->strip || n == 0)
        return path;
    return path + n + (path[n] == '/' ? 1 : 0);
}

static bool add_fields(struct response *r, const struct form *f, bool whole)
{
    if (whole)
        response_field(r, "Content-Type", f->file->type);
    response_field(r, "Last-Modified",
                   (struct text){f->file->modified_text, DATE_HTTP_LENGTH});
    response_field(r, "ETag", f->etag);
    if (f->varies)
        response_field(r, "Vary", text_of("Accept-Encoding"));
    if (!whole)
        return true;
    if (f->coding)
        response_field(r, "Content-Encoding", text_of(f->coding));
    if (!f->packing)
        response_field(r, "Accept-Ranges", text_of("bytes"));
    response_field(r, "X-Content-Type-Options", text_of("nosniff"));
    return true;
}

/* Look for FILE.gz or FILE.br; what was found is remembered with the file. */
static struct file *variant_of(struct service *s, const struct files_options *o,
                               const char *path, struct file *f,
                               enum variant which, pond *p)
{
    static const char *const suffixes[] = {".gz", ".br"};
    unsigned char *known = &f->variants[which];
    int error = ENOMEM;

    if (!o->precompressed || *known == VARIANT_ABSENT)
        return NULL;
    const char *packed = pond_printf(p, "%s%s", path, suffixes[which]);
    struct file *found =
        packed ? cache_file(&s->cache, s, o, packed, p, &error) : NULL;
    if (found)
        *known = VARIANT_THERE;
    else if (error == EISDIR || files_status_of(error) < 500)
        *known = VARIANT_ABSENT;
    return found;
}

/* "tag" becomes "tag-gz": one strong tag for each form. */
static bool mark_etag(struct form *f, const char *suffix, pond *p)
{
    struct text t = f->file->etag;
    char *tag = pond_printf(p, "%.*s%s\"", (int)t.length - 1, t.at, suffix);

    if (tag)
        f->etag = text_of(tag);
    return tag != NULL;
}

static bool take_variant(struct form *f, struct file *packed,
                         const char *coding, const char *suffix, pond *p)
{
    /* It is of the type that it holds. */
    struct file *copy = pond_memdup(p, packed, sizeof(*packed));

    if (!copy)
        return false;
    copy->type = f->file->type;
    f->file = copy;
    f->coding = coding;
    return mark_etag(f, suffix, p);
}

static bool choose_form(struct form *f, struct service *s,
                        const struct files_options *o, const struct request *q,
                        const char *path, pond *p)
{
    bool packable = o->gzip && f->file->compressible &&
                    f->file->size >= GZIP_LEAST && f->file->size <= GZIP_MOST &&
                    s->config->limits.request_pond >= GZIP_POND;

    f->etag = f->file->etag;
    if (!o->precompressed && !packable)
        return true;
    struct file *br = variant_of(s, o, path, f->file, VARIANT_BROTLI, p);
    struct file *gz = variant_of(s, o, path, f->file, VARIANT_GZIP, p);
    f->varies = br || gz || packable;
    if (!f->varies || !q->takes_encodings)
        return true;
    struct encodings e = encoding_parse(q);
    /* What is packed on the way has no parts. */
    packable = packable && q->version != 10 && !q->ranged;
    if (!br || e.brotli < e.identity)
        e.brotli = 0;
    if ((!gz && !packable) || e.gzip < e.identity)
        e.gzip = 0;
    if (e.brotli && e.brotli >= e.gzip)
        return take_variant(f, br, "br", "-br", p);
    if (!e.gzip)
        return true;
    if (gz)
        return take_variant(f, gz, "gzip", "-gz", p);
    f->coding = "gzip";
    f->packing = true;
    return mark_etag(f, "-gzip", p);
}

/* Some of the file; HEAD wants to know the length alone. */
static bool add_slice(struct response *r, const struct request *q,
                      const struct file *f, uint64_t from, uint64_t length)
{
    if (q->method == METHOD_HEAD) {
        r->length += length;
        return true;
    }
    if (length == 0)
        return true;
    return f->bytes ? response_memory(r, f->bytes + from, (size_t)length)
                    : response_file(r, f->fd, from, length);
}

static bool respond_parts(struct response *r, const struct request *q,
                          struct form *f, const struct range *ranges, size_t n)
{
    struct multipart m = {
        .response = r, .size = f->file->size, .type = f->file->type};

    r->status = 206;
    if (n == 1) {
        const char *told = multipart_range(&m, &ranges[0]);
        if (!told)
            return false;
        response_field(r, "Content-Range", text_of(told));
        return add_slice(r, q, f->file, ranges[0].from, ranges[0].length);
    }
    for (size_t i = 0; i < n; i++)
        if (!multipart_next(&m, &ranges[i]) ||
            !add_slice(r, q, f->file, ranges[i].from, ranges[i].length))
            return false;
    f->file = pond_memdup(r->pond, f->file, sizeof(*f->file));
    if (!f->file || !multipart_end(&m))
        return false;
    f->file->type = m.type;
    return true;
}

static bool refuse_range(struct response *r, const struct form *f)
{
    const char *told = pond_printf(r->pond, "bytes */%" PRIu64, f->file->size);

    if (!told)
        return false;
    response_field(r, "Content-Range", text_of(told));
    return response_page(r, 416, NULL);
}

static bool respond_form(const struct request *q, struct response *r,
                         struct form *f)
{
    struct range ranges[RANGES];
    enum range_result result = RANGE_WHOLE;
    size_t n;

    unsigned status = condition_check(q, f->etag, f->file->modified);
    if (status == 412)
        return response_page(r, 412, NULL);
    if (status == 304) {
        r->status = 304;
        return add_fields(r, f, false);
    }
    if (q->ranged && q->method == METHOD_GET && !f->packing &&
        f->file->size > 0 &&
        condition_allows_range(q, f->etag, f->file->modified))
        result =
            range_parse(*request_field(q, "range"), f->file->size, ranges, &n);
    if (result == RANGE_NONE)
        return refuse_range(r, f);
    bool made;
    if (result == RANGE_PARTS)
        made = respond_parts(r, q, f, ranges, n);
    else if (f->packing && q->method == METHOD_HEAD)
        made = r->unsized = true;
    else if (f->packing)
        made = gzip_respond(r, f->file);
    else
        made = add_slice(r, q, f->file, 0, f->file->size);
    return made && add_fields(r, f, true);
}

static bool say_failed(struct response *r, int error)
{
    /* No room in the request's own pond: whoever sees to that is told. */
    if (error == ENOBUFS)
        return false;
    return response_page(r, files_status_of(error), NULL);
}

static bool respond_folder(const struct files_options *o, struct service *s,
                           const struct request *q, const char *path,
                           struct response *r)
{
    int error = ENOENT;

    for (size_t i = 0; i < o->n_index; i++) {
        const char *name =
            pond_printf(r->pond, "%s%s%s", path, *path ? "/" : "", o->index[i]);
        if (!name)
            return false;
        struct form f = {
            .file = cache_file(&s->cache, s, o, name, r->pond, &error)};
        if (f.file)
            return choose_form(&f, s, o, q, name, r->pond) &&
                   respond_form(q, r, &f);
        if (error != ENOENT && error != EISDIR)
            return say_failed(r, error);
    }
    return o->listing ? listing_respond(o, q, path, r)
                      : response_page(r, 404, NULL);
}

static bool respond(const struct location *where, struct service *s,
                    const struct request *q, struct response *r)
{
    const struct files_options *o = where->options;
    const char *path = path_below_root(where, q->path);
    int error;

    if (!o->dot_files && files_is_hidden(path))
        return response_page(r, 404, NULL);
    if (q->folder)
        return respond_folder(o, s, q, path, r);
    if (!*path)
        return redirect_to_folder(q, r);
    struct form f = {.file =
                         cache_file(&s->cache, s, o, path, r->pond, &error)};
    if (f.file)
        return choose_form(&f, s, o, q, path, r->pond) &&
               respond_form(q, r, &f);
    return error == EISDIR ? redirect_to_folder(q, r) : say_failed(r, error);
}

bool files_error_page(const struct location *where, struct service *s,
                      const struct request *q, const char *path,
                      struct response *r)
{
    int error;

    if (where->handler != &files_handler)
        return true;
    struct file *f = cache_file(&s->cache, s, where->options,
                                path_below_root(where, path), r->pond, &error);
    if (!f)
        return error != ENOBUFS;
    response_drop_body(r);
    response_field(r, "Content-Type", f->type);
    response_field(r, "X-Content-Type-Options", text_of("nosniff"));
    return add_slice(r, q, f, 0, f->size);
}

const struct handler files_handler = {
    .name = "files",
    .methods = METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_HEAD),
    .respond = respond,
};
