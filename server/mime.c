/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mime.c - a table of what web sites hold. Text is said to be UTF-8; what is
 * not known is said to be bytes, never guessed from its contents.
 */
#include "mime.h"

#include <stdlib.h>
#include <string.h>

#define UTF8 "; charset=utf-8"
#define PLAIN "text/plain" UTF8
#define LONGEST_EXTENSION 11

struct type {
    const char *extension; /* lower case; the table is sorted by it */
    const char *type;
};

static const struct type types[] = {
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
    return strcmp(key, ((const struct type *)entry)->extension);
}

const char *mime_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    char extension[LONGEST_EXTENSION + 1];
    size_t n = 0;

    if (!dot) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
            if (strcmp(name, texts[i]) == 0)
                return PLAIN;
        return "application/octet-stream";
    }
    for (const char *at = dot + 1; *at && n < LONGEST_EXTENSION; at++, n++)
        extension[n] = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
    extension[n] = '\0';
    if (dot[1 + n])
        return "application/octet-stream";
    const struct type *t =
        bsearch(extension, types, sizeof(types) / sizeof(*types),
                sizeof(*types), compare);
    return t ? t->type : "application/octet-stream";
}
