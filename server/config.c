/* SPDX-License-Identifier: BSD-2-Clause */
/* config.c - see config.h. */
#include "config.h"

#include <errno.h>

#include "files.h"

static const struct limits default_limits = {
    .request_line = 8192,
    .field_block = 32768,
    .fields = 100,
    .body = 1048576,
    .request_pond = 262144,
    .connection_pond = 1048576,
    .head_ms = 10000,
    .progress_ms = 30000,
    .idle_ms = 60000,
    .linger_ms = 2000,
    .linger_bytes = 65536,
    .stop_ms = 5000,
    .batch_bytes = 65536,
    .batch_answers = 32,
    .cached_files = 1000,
    .cached_bytes = 16777216,
    .cached_ms = 1000,
};

/* Where it is not there, the built-in table has to do. */
static const char mime_types[] = "/etc/mime.types";

const char *config_why(struct config *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *why = pond_vprintf(c->pond, format, args);
    va_end(args);
    return why ? why : "out of memory";
}

static void close_root(void *arg)
{
    files_close(arg);
}

struct location *config_add_location(struct config *c, struct site *s,
                                     const char *path)
{
    struct location *l = pond_new(c->pond, struct location);
    struct files_options *o = pond_new(c->pond, struct files_options);
    struct location **at = &s->locations;

    if (!l || !o)
        return NULL;
    while (*at && strlen((*at)->path) > strlen(path))
        at = &(*at)->next;
    /* It is like the rest of its site, but for what is said of it. */
    struct location *rest = s->locations;
    while (rest && rest->next)
        rest = rest->next;
    *l = rest ? *rest : (struct location){.handler = &files_handler};
    *o = rest ? *(struct files_options *)rest->options : files_defaults;
    l->path = path;
    l->options = o;
    l->next = *at;
    *at = l;
    return pond_defer(c->pond, close_root, o) ? l : NULL;
}

struct site *config_add_site(struct config *c)
{
    struct site *s = pond_new(c->pond, struct site);
    struct site **at = &c->router.sites;

    if (!s)
        return NULL;
    while (*at)
        at = &(*at)->next;
    *s = (struct site){0};
    *at = s;
    return config_add_location(c, s, "") ? s : NULL;
}

const char *config_add_listen(struct config *c, const char *text, bool proxied)
{
    struct listen *l = pond_new(c->pond, struct listen);
    struct listen **at = &c->listens;

    if (!l)
        return "";
    *l = (struct listen){.text = text, .proxied = proxied};
    const char *why = address_parse(&l->address, text);
    while (*at)
        at = &(*at)->next;
    *at = l;
    return why;
}

struct config *config_create(void)
{
    pond *p = pond_create(NULL, "config");
    struct config *c = p ? pond_new(p, struct config) : NULL;

    if (!c) {
        pond_destroy(p);
        return NULL;
    }
    *c = (struct config){.pond = p,
                         .log = "-",
                         .mime_types = mime_types,
                         .unix_mode = 0660,
                         .limits = default_limits};
    if (config_add_site(c))
        return c;
    pond_destroy(p);
    return NULL;
}

static const char *open_roots(struct config *c)
{
    for (struct site *s = c->router.sites; s; s = s->next) {
        for (struct location *l = s->locations; l; l = l->next) {
            struct files_options *o = l->options;
            if (l->handler != &files_handler)
                continue;
            int error = files_open(o);
            if (error)
                return config_why(c, "cannot serve the folder %s: %s", o->root,
                                  strerror(-error));
        }
    }
    return NULL;
}

const char *config_finish(struct config *c)
{
    int error;

    if (!c->listens && config_add_listen(c, "127.0.0.1:8080", false))
        return "cannot listen at 127.0.0.1:8080";
    for (const struct listen *l = c->listens; l; l = l->next)
        if (l->proxied && !c->proxies)
            return config_why(c,
                              "listen = %s proxy: nobody would be believed; "
                              "name the proxy by trusted_proxy",
                              l->text);
    if (c->mime_types) {
        c->types = mime_read(c->pond, c->mime_types, &error);
        if (!c->types && (error != ENOENT || c->mime_types != mime_types))
            return config_why(c, "cannot read %s: %s", c->mime_types,
                              strerror(error));
    }
    return open_roots(c);
}

void config_destroy(struct config *c)
{
    if (c)
        pond_destroy(c->pond);
}
