/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CACHE_H
#define SERVER_CACHE_H
/*
 * cache.h - files that are open, and what small ones hold. A file is looked at
 * again when it was not for some time; until then it is served as it was. One
 * cache belongs to one worker.
 *
 * Each file has a pond of its own, that ends when the cache has dropped the
 * file and the last request that uses it has ended.
 */
#include <sys/stat.h>
#include <time.h>

#include "date.h"
#include "files.h"
#include "list.h"

enum variant { VARIANT_GZIP, VARIANT_BROTLI, VARIANTS };
enum variant_state { VARIANT_UNKNOWN, VARIANT_THERE, VARIANT_ABSENT };

struct file {
    const char *bytes; /* all of a small one; NULL: use fd */
    int fd;            /* -1 once bytes are there */
    uint64_t size;
    time_t modified;
    struct text type;
    bool compressible;
    unsigned char variants[VARIANTS]; /* enum variant_state */
    struct text etag;
    char modified_text[DATE_HTTP_LENGTH + 1];
    char etag_text[48];
};

struct cache {
    struct link *buckets;
    size_t n_buckets;   /* a power of two */
    struct link by_use; /* least recently used first */
    size_t n_files;
    size_t bytes; /* reserved by their ponds */
    size_t max_files;
    size_t max_bytes;
    unsigned fresh_ms;
};

/* In p, which has to outlive it. False when out of memory. */
bool cache_begin(struct cache *c, pond *p, size_t max_files, size_t max_bytes,
                 unsigned fresh_ms);
void cache_end(struct cache *c);

/*
 * cache_file - the regular file at path, until the pond user ends.
 * Returns  NULL on failure, and *error is an errno: EISDIR for a folder, ENOENT
 *          for anything else that is no regular file
 */
struct file *cache_file(struct cache *c, struct service *s,
                        const struct files_options *where, const char *path,
                        pond *user, int *error);
#endif
