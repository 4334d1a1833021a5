/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mime.c - a table of what web sites hold. Text is said to be UTF-8; what is
 * not known is said to be bytes, never guessed from its contents.
 */
#include "mime_table.h"

#include <stdlib.h>
#include <string.h>

#define UTF8 MIME_UTF8
#define PLAIN "text/plain" UTF8
#define UNKNOWN "application/octet-stream"
#define LONGEST_EXTENSION 11

static const struct mime_type types[] = {
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"apng", "image/apng"},
    {"atom", "application/atom+xml"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"br", "application/x-brotli"},
    {"bz2", "application/x-bzip2"},
    {"c", PLAIN},
    {"cc", PLAIN},
    {"cmake", PLAIN},
    {"conf", PLAIN},
    {"cpp", PLAIN},
    {"css", "text/css" UTF8},
    {"csv", "text/csv" UTF8},
    {"diff", PLAIN},
    {"eot", "application/vnd.ms-fontobject"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"h", PLAIN},
    {"hpp", PLAIN},
    {"htm", "text/html" UTF8},
    {"html", "text/html" UTF8},
    {"ico", "image/x-icon"},
    {"ics", "text/calendar" UTF8},
    {"ini", PLAIN},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript" UTF8},
    {"json", "application/json"},
    {"jsonld", "application/ld+json"},
    {"log", PLAIN},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"map", "application/json"},
    {"md", "text/markdown" UTF8},
    {"mjs", "text/javascript" UTF8},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"otf", "font/otf"},
    {"patch", PLAIN},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"py", PLAIN},
    {"rss", "application/rss+xml"},
    {"rtf", "application/rtf"},
    {"sh", PLAIN},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"toml", PLAIN},
    {"tsv", "text/tab-separated-values" UTF8},
    {"ttf", "font/ttf"},
    {"txt", PLAIN},
    {"vtt", "text/vtt" UTF8},
    {"wasm", "application/wasm"},
    {"wav", "audio/wav"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xhtml", "application/xhtml+xml"},
    {"xml", "application/xml"},
    {"xz", "application/x-xz"},
    {"yaml", PLAIN},
    {"yml", PLAIN},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};

/* Names without an extension that are known to be text. */
static const char *const texts[] = {"AUTHORS", "CHANGES", "COPYING",
                                    "INSTALL", "LICENSE", "Makefile",
                                    "NEWS",    "README",  "TODO"};

static int compare(const void *key, const void *entry)
{
    return strcmp(key, ((const struct mime_type *)entry)->extension);
}

static const char *find(const struct mime_type *table, size_t n,
                        const char *extension)
{
    const struct mime_type *t =
        n ? bsearch(extension, table, n, sizeof(*table), compare) : NULL;

    return t ? t->type : NULL;
}

struct text mime_of(const struct mime_types *more, const char *name)
{
    const char *dot = strrchr(name, '.'), *found = NULL;
    char extension[LONGEST_EXTENSION + 1];
    size_t n = 0;

    if (!dot) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
            if (strcmp(name, texts[i]) == 0)
                return text_of(PLAIN);
        return text_of(UNKNOWN);
    }
    for (const char *at = dot + 1; *at && n < LONGEST_EXTENSION; at++, n++)
        extension[n] = text_lower(*at);
    extension[n] = '\0';
    if (dot[1 + n])
        return text_of(UNKNOWN);
    found = find(types, sizeof(types) / sizeof(*types), extension);
    if (!found && more)
        found = find(more->types, more->n, extension);
    return text_of(found ? found : UNKNOWN);
}

bool mime_is_compressible(struct text type)
{
    static const char *const ends[] = {"+xml",  "+json",       "/xml", "/json",
                                       "/wasm", "/javascript", "/bmp"};

    if (type.length > 5 && memcmp(type.at, "text/", 5) == 0)
        return true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        size_t n = strlen(ends[i]);
        if (type.length > n &&
            memcmp(type.at + type.length - n, ends[i], n) == 0)
            return true;
    }
    return false;
}
