/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - see cache.h. A file is opened first and looked at then, so what is
 * told of it and what is sent are of one file.
 */
#define _GNU_SOURCE 1
#include "cache.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "mime.h"
#include "service.h"

#define SMALL_BYTES 32768 /* up to this a file is kept in memory */

struct entry {
    struct file file;
    struct link bucket; /* on no list: the cache has dropped it */
    struct link by_use;
    struct cache *cache;
    pond *pond;
    const struct files_options *where;
    const char *path;
    uint64_t hash;
    uint64_t looked_ms;
    size_t bytes; /* reserved by its pond */
    unsigned n_users;
    dev_t dev;
    ino_t ino;
    struct timespec mtime, ctime;
};

static uint64_t hash_of(const struct files_options *where, const char *path)
{
    uint64_t h = (uint64_t)(uintptr_t)where ^ 0xcbf29ce484222325;

    for (const char *at = path; *at; at++)
        h = (h ^ (unsigned char)*at) * 0x100000001b3;
    return h ^ h >> 29;
}

static void end_entry(struct entry *e)
{
    if (e->file.fd >= 0)
        close(e->file.fd);
    pond_destroy(e->pond);
}

static void drop(struct entry *e)
{
    struct cache *c = e->cache;

    list_remove(&e->bucket);
    list_remove(&e->by_use);
    c->n_files--;
    c->bytes -= e->bytes;
    if (e->n_users == 0)
        end_entry(e);
}

static void end_use(void *arg)
{
    struct entry *e = arg;

    if (--e->n_users == 0 && list_empty(&e->bucket))
        end_entry(e);
}

bool cache_begin(struct cache *c, pond *p, size_t max_files, size_t max_bytes,
                 unsigned fresh_ms)
{
    size_t n = 64;

    while (n < max_files)
        n *= 2;
    *c = (struct cache){.n_buckets = n,
                        .max_files = max_files,
                        .max_bytes = max_bytes,
                        .fresh_ms = fresh_ms};
    list_init(&c->by_use);
    c->buckets = pond_new_array(p, struct link, n);
    for (size_t i = 0; c->buckets && i < n; i++)
        list_init(&c->buckets[i]);
    return c->buckets != NULL;
}

void cache_end(struct cache *c)
{
    while (!list_empty(&c->by_use))
        drop(LIST_OWNER(c->by_use.next, struct entry, by_use));
}

/* Read all of a small file. What it holds now is its length. */
static int read_small(struct entry *e)
{
    struct file *f = &e->file;
    size_t size = (size_t)f->size, n = 0;
    char *bytes = pond_alloc(e->pond, size);

    if (!bytes)
        return ENOMEM;
    while (n < size) {
        ssize_t some = pread(f->fd, bytes + n, size - n, (off_t)n);
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return errno;
        if (some == 0)
            break;
        n += (size_t)some;
    }
    f->bytes = bytes;
    f->size = n;
    close(f->fd);
    f->fd = -1;
    return 0;
}

static void describe(struct entry *e, struct service *s, const struct stat *st)
{
    const char *slash = strrchr(e->path, '/');
    struct file *f = &e->file;

    f->size = (uint64_t)st->st_size;
    f->modified = st->st_mtime;
    f->type = mime_of(s->config->types, slash ? slash + 1 : e->path);
    f->compressible = mime_is_compressible(f->type);
    e->dev = st->st_dev;
    e->ino = st->st_ino;
    e->mtime = st->st_mtim;
    e->ctime = st->st_ctim;
    date_format_http(st->st_mtime, f->modified_text);
    int n = snprintf(f->etag_text, sizeof(f->etag_text), "\"%llx.%lx-%llx\"",
                     (unsigned long long)st->st_mtime, st->st_mtim.tv_nsec,
                     (unsigned long long)st->st_size);
    f->etag = (struct text){f->etag_text, (size_t)n};
}

static int load(struct entry *e, struct service *s)
{
    struct stat st;
    int fd = beneath_file(&e->where->folder, e->path);

    if (fd < 0)
        return -fd;
    e->file.fd = fd;
    if (fstat(fd, &st))
        return errno;
    if (S_ISDIR(st.st_mode))
        return EISDIR;
    if (!S_ISREG(st.st_mode))
        return ENOENT;
    describe(e, s, &st);
    return e->file.size <= SMALL_BYTES ? read_small(e) : 0;
}

static struct entry *open_entry(struct cache *c, struct service *s,
                                const struct files_options *where,
                                const char *path, int *error)
{
    pond *p = pond_create(NULL, "file");
    struct entry *e = p ? pond_new(p, struct entry) : NULL;

    *error = ENOMEM;
    if (!e)
        goto failed;
    *e = (struct entry){.file = {.fd = -1},
                        .cache = c,
                        .pond = p,
                        .where = where,
                        .path = pond_strdup(p, path),
                        .looked_ms = s->loop.clock.ms};
    list_init(&e->bucket);
    list_init(&e->by_use);
    if (e->path)
        *error = load(e, s);
    if (*error == 0)
        return e;
    if (e->file.fd >= 0)
        close(e->file.fd);
failed:
    pond_destroy(p);
    return NULL;
}

/* Whether it is still the same file, without opening it. */
static bool is_same(struct entry *e)
{
    struct stat st;
    int fd = beneath_look(&e->where->folder, e->path);
    bool same = fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == e->dev &&
                st.st_ino == e->ino && st.st_mtim.tv_sec == e->mtime.tv_sec &&
                st.st_mtim.tv_nsec == e->mtime.tv_nsec &&
                st.st_ctim.tv_sec == e->ctime.tv_sec &&
                st.st_ctim.tv_nsec == e->ctime.tv_nsec;

    if (fd >= 0)
        close(fd);
    return same;
}

static struct entry *find(struct cache *c, const struct files_options *where,
                          const char *path, uint64_t hash)
{
    struct link *head = &c->buckets[hash & (c->n_buckets - 1)];

    for (struct link *l = head->next; l != head; l = l->next) {
        struct entry *e = LIST_OWNER(l, struct entry, bucket);
        if (e->hash == hash && e->where == where && strcmp(e->path, path) == 0)
            return e;
    }
    return NULL;
}

/* Take it in, if there is room or it can be made. */
static void keep(struct cache *c, struct entry *e, uint64_t hash)
{
    e->hash = hash;
    e->bytes = pond_usage_get(e->pond).reserved_bytes;
    if (c->max_files == 0 || e->bytes > c->max_bytes)
        return;
    while (c->n_files >= c->max_files || c->bytes + e->bytes > c->max_bytes)
        drop(LIST_OWNER(c->by_use.next, struct entry, by_use));
    list_append(&c->buckets[hash & (c->n_buckets - 1)], &e->bucket);
    list_append(&c->by_use, &e->by_use);
    c->n_files++;
    c->bytes += e->bytes;
}

struct file *cache_file(struct cache *c, struct service *s,
                        const struct files_options *where, const char *path,
                        pond *user, int *error)
{
    uint64_t now = s->loop.clock.ms, hash = hash_of(where, path);
    struct entry *e = find(c, where, path, hash);

    if (e && now - e->looked_ms >= c->fresh_ms) {
        if (is_same(e)) {
            e->looked_ms = now;
            memset(e->file.variants, VARIANT_UNKNOWN, sizeof(e->file.variants));
        } else {
            drop(e);
            e = NULL;
        }
    }
    bool fresh = !e;
    if (fresh)
        e = open_entry(c, s, where, path, error);
    if (!e)
        return NULL;
    if (!pond_defer(user, end_use, e)) {
        if (fresh)
            end_entry(e);
        *error = ENOBUFS; /* the user's own limit */
        return NULL;
    }
    e->n_users++;
    if (fresh) {
        keep(c, e, hash);
    } else if (c->by_use.prev != &e->by_use) {
        list_remove(&e->by_use);
        list_append(&c->by_use, &e->by_use);
    }
    return &e->file;
}
