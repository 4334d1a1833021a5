/* SPDX-License-Identifier: BSD-2-Clause */
/* config_site.c - the keys of [site] and [location] (declared in
 * config_value.h). */
#include "config_value.h"

#include <stdlib.h>

#include "echo.h"
#include "files.h"

bool config_take_name(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    while ((word = config_next_word(&at))) {
        struct site_name *n = pond_new(r->config->pond, struct site_name);
        if (!n)
            return config_fail(r, "out of memory");
        for (char *c = word; *c; c++)
            *c = text_lower(*c);
        const char *host = strncmp(word, "*.", 2) == 0 ? word + 2 : word;
        if (!authority_is_valid(text_of(host)) ||
            (strchr(host, ':') && *host != '['))
            return config_fail(r, "`%s` is not the name of a host", word);
        *n = (struct site_name){.next = r->site->names, .name = word};
        r->site->names = n;
    }
    return true;
}

static struct files_options *files_of(struct config_reader *r)
{
    return r->location->options;
}

bool config_take_root(struct config_reader *r, const char *value)
{
    struct files_options *o = files_of(r);

    if (!config_keep_path(r, &o->root, value))
        return false;
    o->strip = r->section == SECTION_LOCATION;
    /* Looked at now, so that the line can be told. */
    int error = files_open(o);
    files_close(o);
    return !error || config_fail(r, "cannot serve the folder %s: %s", o->root,
                                 strerror(-error));
}

bool config_take_index(struct config_reader *r, const char *value)
{
    struct files_options *o = files_of(r);
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    o->n_index = 0;
    while ((word = config_next_word(&at))) {
        if (o->n_index == FILES_INDEXES)
            return config_fail(r, "index takes at most %d names",
                               FILES_INDEXES);
        if (strchr(word, '/'))
            return config_fail(r, "index wants names without a slash");
        o->index[o->n_index++] = word;
    }
    return true;
}

bool config_take_symlinks(struct config_reader *r, const char *value)
{
    struct files_options *o = files_of(r);

    if (strcmp(value, "inside") == 0)
        o->links = BENEATH_LINKS_INSIDE;
    else if (strcmp(value, "anywhere") == 0)
        o->links = BENEATH_LINKS_ANYWHERE;
    else if (strcmp(value, "none") == 0)
        o->links = BENEATH_LINKS_NONE;
    else
        return config_fail(
            r, "symlinks wants inside, anywhere or none, not `%s`", value);
    return true;
}

/* Those that the server sets itself, so that none comes twice. */
static bool is_ours(struct text name)
{
    static const char *const ours[] = {"accept-ranges",
                                       "allow",
                                       "connection",
                                       "content-encoding",
                                       "content-length",
                                       "content-range",
                                       "content-type",
                                       "date",
                                       "etag",
                                       "keep-alive",
                                       "last-modified",
                                       "location",
                                       "retry-after",
                                       "server",
                                       "transfer-encoding",
                                       "vary",
                                       "x-content-type-options"};

    for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
        if (text_is_nocase(name, ours[i]))
            return true;
    return false;
}

bool config_take_field(struct config_reader *r, const char *value)
{
    struct location *l = r->location;
    const char *colon = strchr(value, ':');
    size_t n = colon ? (size_t)(colon - value) : 0;

    if (n == 0 || strspn(value, TEXT_TOKEN_BYTES) != n)
        return config_fail(r, "field wants Name: value, not `%s`", value);
    if (is_ours((struct text){value, n}))
        return config_fail(r, "%.*s is for the server to say", (int)n, value);
    struct response_field *all =
        pond_new_array(r->config->pond, struct response_field, l->n_fields + 1);
    const char *copy = pond_strdup(r->config->pond, value);
    if (!all || !copy)
        return config_fail(r, "out of memory");
    if (l->n_fields)
        memcpy(all, l->fields, l->n_fields * sizeof(*all));
    struct text t = text_trim(text_of(copy + n + 1));
    for (size_t i = 0; i < t.length; i++)
        if ((unsigned char)t.at[i] < 0x20 || t.at[i] == 0x7f)
            return config_fail(r, "the field's value holds a control byte");
    all[l->n_fields++] = (struct response_field){{copy, n}, t};
    l->fields = all;
    return true;
}

/* Those of answers to whole requests; what is refused before it is known whose
 * it is has no site's page. */
static bool may_have_page(unsigned long status)
{
    static const unsigned all[] = {403, 404, 405, 412, 416, 500, 503};

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (all[i] == status)
            return true;
    return false;
}

bool config_take_error_page(struct config_reader *r, const char *value)
{
    struct error_page *page = pond_new(r->config->pond, struct error_page);
    char *end;
    unsigned long status = strtoul(value, &end, 10);

    if (!page)
        return config_fail(r, "out of memory");
    if (!may_have_page(status) || (*end != ' ' && *end != '\t'))
        return config_fail(r, "error_page wants a status and a path, such as "
                              "`404 /404.html`, for 403, 404, 405, 412, 416, "
                              "500 or 503");
    end += strspn(end, " \t");
    if (*end != '/')
        return config_fail(r, "the path of error_page begins with a slash");
    *page =
        (struct error_page){.next = r->site->pages, .status = (unsigned)status};
    r->site->pages = page;
    return config_keep(r, &page->path, end + 1);
}

bool config_take_path(struct config_reader *r, const char *value)
{
    struct location **at = &r->site->locations, *l = r->location;
    size_t n = strlen(value);

    if (*value != '/' || strstr(value, "//") || strstr(value, "/../"))
        return config_fail(r,
                           "path begins with one slash, and is decoded: "
                           "`%s`",
                           value);
    while (n > 1 && value[n - 1] == '/')
        n--;
    l->path = pond_strndup(r->config->pond, value + 1, n - 1);
    if (!l->path)
        return config_fail(r, "out of memory");
    if (!*l->path)
        return config_fail(r, "the keys for / stand in [site]");
    while (strlen((*at)->path) > strlen(l->path))
        at = &(*at)->next;
    if (strcmp((*at)->path, l->path) == 0)
        return config_fail(r, "there is a [location] for %s already", value);
    l->next = *at;
    *at = l;
    return true;
}

bool config_take_handler(struct config_reader *r, const char *value)
{
    if (strcmp(value, "files") == 0)
        r->location->handler = &files_handler;
    else if (strcmp(value, "echo") == 0)
        r->location->handler = &echo_handler;
    else
        return config_fail(r, "handler wants files or echo, not `%s`", value);
    return true;
}
