/* SPDX-License-Identifier: BSD-2-Clause */
/* mime_read.c - types from a file: lines of a type and its extensions. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "mime_table.h"

#define LINE_BYTES 4096

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct mime_type *)a)->extension,
                  ((const struct mime_type *)b)->extension);
}

static bool add(struct mime_types *m, pond *p, const char *extension,
                const char *type)
{
    if (m->n == m->room) {
        size_t room = m->room ? 2 * m->room : 512;
        struct mime_type *types = pond_realloc(
            p, m->types, m->room * sizeof(*m->types), room * sizeof(*m->types));
        if (!types)
            return false;
        m->types = types;
        m->room = room;
    }
    char *copy = pond_strdup(p, extension);
    if (!copy)
        return false;
    for (char *c = copy; *c; c++)
        *c = text_lower(*c);
    m->types[m->n++] = (struct mime_type){copy, type};
    return true;
}

static bool take_line(struct mime_types *m, pond *p, char *line)
{
    static const char blanks[] = " \t\r\n";
    char *rest, *word = strtok_r(line, blanks, &rest);

    if (!word || *word == '#' || !strchr(word, '/'))
        return true;
    const char *type = NULL, *name = word;
    while ((word = strtok_r(NULL, blanks, &rest))) {
        if (*word == '#')
            break;
        if (!type)
            type = pond_printf(p, "%s%s", name,
                               strncmp(name, "text/", 5) == 0 ? MIME_UTF8 : "");
        if (!type || !add(m, p, word, type))
            return false;
    }
    return true;
}

struct mime_types *mime_read(pond *p, const char *file, int *error)
{
    struct mime_types *m = pond_calloc(p, 1, sizeof(*m));
    FILE *stream = m ? fopen(file, "re") : NULL;
    char line[LINE_BYTES];
    bool good = true;

    *error = m ? errno : ENOMEM;
    if (!stream)
        return NULL;
    while (good && fgets(line, sizeof(line), stream))
        good = take_line(m, p, line);
    *error = !good ? ENOMEM : ferror(stream) ? EIO : 0;
    fclose(stream);
    if (m->n)
        qsort(m->types, m->n, sizeof(*m->types), compare);
    return *error ? NULL : m;
}
