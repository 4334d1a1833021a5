/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listing.c - see listing.h. The folder is read by the system call itself:
 * libc's reader takes its memory from malloc, which no request's limit binds.
 */
#define _GNU_SOURCE 1
#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escape.h"

#define READ_BYTES 8192

/* As the kernel writes it. */
struct kernel_entry {
    uint64_t ino;
    int64_t off;
    unsigned short length;
    unsigned char type;
    char name[];
};

struct name {
    struct name *next;
    bool folder;
    char text[];
};

static int compare(const void *a, const void *b)
{
    const struct name *x = *(struct name *const *)a;
    const struct name *y = *(struct name *const *)b;

    return x->folder != y->folder ? y->folder - x->folder
                                  : strcmp(x->text, y->text);
}

/* Returns how many names were put before *list, -1 when out of memory. */
static ssize_t take_names(pond *p, const char *buffer, size_t bytes,
                          bool dot_files, struct name **list)
{
    ssize_t n = 0;

    for (size_t at = 0; at < bytes;) {
        const struct kernel_entry *e = (const void *)(buffer + at);
        at += e->length;
        if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0 ||
            (!dot_files && e->name[0] == '.'))
            continue;
        size_t length = strlen(e->name) + 1;
        struct name *name = pond_alloc(p, sizeof(*name) + length);
        if (!name)
            return -1;
        name->next = *list;
        name->folder = e->type == DT_DIR;
        memcpy(name->text, e->name, length);
        *list = name;
        n++;
    }
    return n;
}

/* All names in order; *n of them. NULL when out of memory, or when the folder
 * cannot be read to its end; then *error says why. */
static struct name **read_names(int fd, pond *p, bool dot_files, size_t *n,
                                int *error)
{
    struct name *list = NULL, **all;
    char *buffer = pond_alloc(p, READ_BYTES);

    *n = 0;
    *error = 0;
    while (buffer) {
        long bytes = syscall(SYS_getdents64, fd, buffer, READ_BYTES);
        if (bytes < 0) {
            *error = errno;
            return NULL;
        }
        if (bytes == 0)
            break;
        ssize_t some = take_names(p, buffer, (size_t)bytes, dot_files, &list);
        if (some < 0)
            return NULL;
        *n += (size_t)some;
    }
    all = buffer ? pond_new_array(p, struct name *, *n) : NULL;
    if (!all)
        return NULL;
    for (size_t i = 0; i < *n; i++, list = list->next)
        all[i] = list;
    qsort(all, *n, sizeof(struct name *), compare);
    return all;
}

static bool add(struct response *r, const char *s)
{
    return s && response_memory(r, s, strlen(s));
}

static bool add_name(struct response *r, const struct name *name)
{
    const char *slash = name->folder ? "/" : "";
    const char *path = escape_url(r->pond, name->text);
    const char *url = path ? escape_html(r->pond, path) : NULL;
    const char *shown = escape_html(r->pond, name->text);

    if (!url || !shown)
        return false;
    return add(r, pond_printf(r->pond, "<li><a href=\"./%s%s\">%s%s</a>\n", url,
                              slash, shown, slash));
}

bool listing_respond(const struct files_options *o, const struct request *q,
                     const char *path, struct response *r)
{
    int fd = beneath_folder(&o->folder, *path ? path : ".");
    const char *title = escape_html(r->pond, q->path);
    const char *slash = *q->path ? "/" : "";
    size_t n;
    int error;

    if (fd < 0)
        return response_page(r, files_status_of(-fd), NULL);
    struct name **names = read_names(fd, r->pond, o->dot_files, &n, &error);
    close(fd);
    if (error)
        return response_page(r, files_status_of(error), NULL);
    if (!names || !title ||
        !add(r, pond_printf(r->pond,
                            RESPONSE_PAGE
                            "<title>/%s%s</title>\n<h1>/%s%s</h1>\n<ul>\n",
                            title, slash, title, slash)))
        return false;
    if (*q->path && !add(r, "<li><a href=\"../\">../</a>\n"))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_name(r, names[i]))
            return false;
    response_field(r, "Content-Type", text_of("text/html; charset=utf-8"));
    response_field(r, "X-Content-Type-Options", text_of("nosniff"));
    return add(r, "</ul>\n");
}
