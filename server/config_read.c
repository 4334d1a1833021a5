/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_read.c - see config_read.h. libinih tells neither the line of a key
 * nor where a section begins a second time, so the lines are counted and
 * looked at as they are handed to it.
 */
#define _GNU_SOURCE 1
#include "config_read.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "config_key.h"

/* Debian's library has these two, and its header does not tell of them all. */
extern bool ini_use_stack, ini_allow_realloc;

struct lines {
    struct config_reader *reader;
    FILE *file;
    size_t in_line; /* bytes of it so far, when the last piece did not end it */
};

#define LINE_BYTES 65536

bool config_fail(struct config_reader *r, const char *format, ...)
{
    va_list args;

    if (r->error)
        return false;
    va_start(args, format);
    const char *what = pond_vprintf(r->config->pond, format, args);
    va_end(args);
    r->error = what ? config_why(r->config, "%s:%u: %s", r->file, r->line, what)
                    : "out of memory";
    return false;
}

/* Before a section ends: is all there that it needs? */
static bool end_section(struct config_reader *r)
{
    if (r->section == SECTION_LOCATION && !r->location->path[0]) {
        r->line = r->line_of_section;
        return config_fail(r, "[location] without a path");
    }
    return true;
}

static bool begin_site(struct config_reader *r)
{
    struct config *c = r->config;

    r->site = r->any_site ? config_add_site(c) : c->router.sites;
    r->any_site = true;
    if (!r->site)
        return config_fail(r, "out of memory");
    r->location = r->site->locations;
    while (r->location->next)
        r->location = r->location->next;
    return true;
}

static bool begin_location(struct config_reader *r)
{
    if (!r->any_site && !begin_site(r))
        return false;
    /* It is put in its place when its path is read. */
    r->location = config_add_location(r->config, r->site, "");
    if (r->location) {
        struct location **at = &r->site->locations;
        while (*at != r->location)
            at = &(*at)->next;
        *at = r->location->next;
        r->location->next = NULL;
    }
    return r->location || config_fail(r, "out of memory");
}

/* line: "[name]", perhaps with blanks and a comment behind it */
static bool begin_section(struct config_reader *r, const char *line)
{
    const char *names[SECTIONS];
    char name[64];
    size_t n = strcspn(line + 1, "]\r\n");

    if (!end_section(r))
        return false;
    n = n < sizeof(name) ? n : sizeof(name) - 1;
    memcpy(name, line + 1, n);
    name[n] = '\0';
    r->seen = 0;
    r->line_of_section = r->line;
    for (r->section = 0; r->section < SECTIONS; r->section++) {
        names[r->section] = config_section_name(r->section);
        if (strcmp(name, names[r->section]) == 0)
            break;
    }
    if (r->section == SECTIONS) {
        const char *near = config_nearest(name, names, SECTIONS);
        r->section = -1;
        return config_fail(r, "there is no section [%s]%s%s%s", name,
                           near ? "; is [" : "", near ? near : "",
                           near ? "] meant?" : "");
    }
    if (r->section == SECTION_SITE)
        return begin_site(r);
    return r->section != SECTION_LOCATION || begin_location(r);
}

/* As fgets does, but zero bytes are told. Returns how many bytes there are. */
static size_t read_piece(struct lines *s, char *to, size_t room)
{
    size_t n = 0;
    int c = 0;

    while (n < room - 1 && c != '\n' && (c = getc(s->file)) != EOF) {
        to[n++] = (char)c;
        if (c == '\0') {
            s->reader->line += s->in_line == 0;
            config_fail(s->reader, "a zero byte");
            return 0;
        }
    }
    to[n] = '\0';
    return n;
}

static char *next_line(char *to, int room, void *arg)
{
    struct lines *s = arg;
    struct config_reader *r = s->reader;
    size_t n = r->error || room < 2 ? 0 : read_piece(s, to, (size_t)room);

    if (n == 0)
        return NULL;
    if (!s->in_line) {
        bool marked = r->line++ == 0 && strncmp(to, "\xef\xbb\xbf", 3) == 0;
        const char *at = to + (marked ? 3 : 0);
        at += strspn(at, " \t");
        if (*at == '[')
            begin_section(r, at);
    }
    s->in_line = to[n - 1] == '\n' ? 0 : s->in_line + n;
    if (s->in_line >= LINE_BYTES - 2)
        config_fail(r, "the line is too long");
    return to;
}

/* libinih wants 0 for a failure. */
static int on_key(void *arg, const char *section, const char *key,
                  const char *value)
{
    struct config_reader *r = arg;

    (void)section;
    return !r->error && config_take(r, key, value ? value : "");
}

static const char *read_stream(struct config_reader *r, FILE *file)
{
    struct lines s = {.reader = r, .file = file};

    /* Else lines end after 200 bytes, without a word. */
    ini_use_stack = false;
    ini_allow_realloc = true;
    ini_max_line = LINE_BYTES;
    ini_allow_multiline = false;
    ini_allow_inline_comments = false;
    ini_start_comment_prefixes = (char[]){";#"};
    int line = ini_parse_stream(next_line, &s, on_key, r);
    if (line > 0 && !r->error) {
        r->line = (unsigned)line;
        config_fail(r, "this is neither [section] nor key = value");
    } else if (line < 0) {
        config_fail(r, "out of memory");
    }
    if (!r->error && ferror(file))
        config_fail(r, "cannot be read further");
    if (!r->error)
        end_section(r);
    return r->error;
}

const char *config_read(struct config *c, const char *file)
{
    struct config_reader r = {.config = c, .file = file, .section = -1};
    const char *slash = strrchr(file, '/');
    struct stat st;

    r.folder =
        slash ? pond_strndup(c->pond, file, (size_t)(slash - file + 1)) : "";
    FILE *stream = fopen(file, "re");
    if (!stream || fstat(fileno(stream), &st) || S_ISDIR(st.st_mode)) {
        int error = stream ? EISDIR : errno;
        if (stream)
            fclose(stream);
        return config_why(c, "cannot read %s: %s", file, strerror(error));
    }
    const char *why = r.folder ? read_stream(&r, stream) : "out of memory";
    fclose(stream);
    return why;
}
