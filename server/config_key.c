/* SPDX-License-Identifier: BSD-2-Clause */
/* config_key.c - see config_key.h. */
#include "config_key.h"

#include <stdlib.h>

#include "echo.h"
#include "files.h"

/* How a value is read, and of what it is one. */
enum kind { SIZE, COUNT, TIME, YES, OWN };

struct key {
    enum section section;
    const char *name;
    enum kind kind;
    bool repeats;
    size_t offset; /* in struct limits, or struct files_options (YES) */
    uint64_t least;
    uint64_t most;
    bool (*take)(struct config_reader *r, const char *value); /* OWN */
};

/* ------------------------------------------------------------ small values */

static bool take_number(struct config_reader *r, const struct key *k,
                        const char *value)
{
    static const struct {
        const char *unit;
        uint64_t size, time;
    } units[] = {{"", 1, 0},          {"k", 1024, 0}, {"m", 1048576, 60000},
                 {"g", 1UL << 30, 0}, {"ms", 0, 1},   {"s", 0, 1000},
                 {"h", 0, 3600000},   {"off", 0, 0},  {"0", 0, 0}};
    char *end;
    uint64_t factor = 0;
    unsigned long long n = strtoull(value, &end, 10);
    bool off = strcmp(value, "off") == 0 || strcmp(value, "0") == 0;

    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (strcmp(end, units[i].unit) == 0)
            factor = k->kind == TIME ? units[i].time : units[i].size;
    if (k->kind == COUNT && *end)
        factor = 0;
    if (off && k->least == 0)
        n = 0, factor = 1;
    if (!text_is_digit(*value) && !off)
        factor = 0;
    if (factor == 0)
        return config_fail(r, "%s wants %s, not `%s`", k->name,
                           k->kind == TIME   ? "a time such as 10s, 500ms or 2m"
                           : k->kind == SIZE ? "a size such as 8192, 8k or 1m"
                                             : "a number",
                           value);
    if (__builtin_mul_overflow(n, factor, &n) || n < k->least || n > k->most)
        return config_fail(r, "%s: %s is out of range (%llu to %llu%s)",
                           k->name, value, (unsigned long long)k->least,
                           (unsigned long long)k->most,
                           k->kind == TIME ? " ms" : "");
    char *to = (char *)&r->config->limits + k->offset;
    if (k->kind == TIME)
        *(unsigned *)(void *)to = (unsigned)n;
    else
        *(size_t *)(void *)to = (size_t)n;
    return true;
}

static bool take_yes(struct config_reader *r, const struct key *k,
                     const char *value)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return config_fail(r, "%s wants yes or no, not `%s`", k->name, value);
    *(bool *)((char *)r->location->options + k->offset) = yes;
    return true;
}

/* A copy in the config's pond. */
static bool keep(struct config_reader *r, const char **to, const char *value)
{
    *to = pond_strdup(r->config->pond, value);
    return *to || config_fail(r, "out of memory");
}

/* The next word, cut off at; NULL at the end. Commas count as blanks. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t,");

    if (!*word)
        return NULL;
    *at = word + strcspn(word, " \t,");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

static bool keep_path(struct config_reader *r, const char **to,
                      const char *value)
{
    if (!*value)
        return config_fail(r, "a path is missing");
    *to = pond_printf(r->config->pond, "%s%s", *value == '/' ? "" : r->folder,
                      value);
    return *to || config_fail(r, "out of memory");
}

/* ---------------------------------------------------------------- [server] */

static bool take_listen(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *where, *option;

    if (!at)
        return config_fail(r, "out of memory");
    where = next_word(&at);
    option = where ? next_word(&at) : NULL;
    if (!where)
        return config_fail(r, "listen wants ADDRESS:PORT or unix:PATH");
    if ((option && strcmp(option, "proxy") != 0) || next_word(&at))
        return config_fail(r, "behind the address only `proxy` may stand");
    const char *why = config_add_listen(r->config, where, option);
    return !why || config_fail(r, "cannot listen at %s: %s", where, why);
}

static bool take_log(struct config_reader *r, const char *value)
{
    if (strcmp(value, "-") == 0 || strcmp(value, "off") == 0)
        return keep(r, &r->config->log, value);
    return keep_path(r, &r->config->log, value);
}

static bool take_proxy(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    while ((word = next_word(&at))) {
        struct network *n = pond_new(r->config->pond, struct network);
        if (!n)
            return config_fail(r, "out of memory");
        if (!network_parse(n, word))
            return config_fail(r,
                               "trusted_proxy wants addresses such as "
                               "192.0.2.1, 10.0.0.0/8 or unix, not `%s`",
                               word);
        n->next = r->config->proxies;
        r->config->proxies = n;
    }
    return true;
}

static bool take_mime(struct config_reader *r, const char *value)
{
    if (strcmp(value, "off") == 0) {
        r->config->mime_types = NULL;
        return true;
    }
    return keep_path(r, &r->config->mime_types, value);
}

static bool take_mode(struct config_reader *r, const char *value)
{
    char *end;
    unsigned long mode = strtoul(value, &end, 8);

    if (!text_is_digit(*value) || *end || mode > 0777)
        return config_fail(r, "unix_mode wants an octal mode such as 0660");
    r->config->unix_mode = (unsigned)mode;
    return true;
}

/* ------------------------------------------------- [site] and [location] */

static bool take_name(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    while ((word = next_word(&at))) {
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

static bool take_root(struct config_reader *r, const char *value)
{
    struct files_options *o = files_of(r);

    if (!keep_path(r, &o->root, value))
        return false;
    o->strip = r->section == SECTION_LOCATION;
    /* Looked at now, so that the line can be told. */
    int error = files_open(o);
    files_close(o);
    return !error || config_fail(r, "cannot serve the folder %s: %s", o->root,
                                 strerror(-error));
}

static bool take_index(struct config_reader *r, const char *value)
{
    struct files_options *o = files_of(r);
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    o->n_index = 0;
    while ((word = next_word(&at))) {
        if (o->n_index == FILES_INDEXES)
            return config_fail(r, "index takes at most %d names",
                               FILES_INDEXES);
        if (strchr(word, '/'))
            return config_fail(r, "index wants names without a slash");
        o->index[o->n_index++] = word;
    }
    return true;
}

static bool take_symlinks(struct config_reader *r, const char *value)
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

static bool take_field(struct config_reader *r, const char *value)
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

static bool take_error_page(struct config_reader *r, const char *value)
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
    return keep(r, &page->path, end + 1);
}

static bool take_path(struct config_reader *r, const char *value)
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

static bool take_handler(struct config_reader *r, const char *value)
{
    if (strcmp(value, "files") == 0)
        r->location->handler = &files_handler;
    else if (strcmp(value, "echo") == 0)
        r->location->handler = &echo_handler;
    else
        return config_fail(r, "handler wants files or echo, not `%s`", value);
    return true;
}

/* ----------------------------------------------------------------- the table
 */

#define DAY 86400000
#define GIB (1UL << 30)
#define LIMIT(name, kind, field, least, most)                                  \
    {                                                                          \
        SECTION_LIMITS, name, kind, false, offsetof(struct limits, field),     \
            least, most, NULL                                                  \
    }
#define OWNED(section, name, repeats, take)                                    \
    {                                                                          \
        section, name, OWN, repeats, 0, 0, 0, take                             \
    }
#define FILES(name, field)                                                     \
    {                                                                          \
        SECTION_SITE, name, YES, false, offsetof(struct files_options, field), \
            0, 0, NULL                                                         \
    }

/* Those of [site] may also stand in [location], up to `error_page`. */
static const struct key keys[] = {
    OWNED(SECTION_SERVER, "listen", true, take_listen),
    OWNED(SECTION_SERVER, "log", false, take_log),
    OWNED(SECTION_SERVER, "trusted_proxy", true, take_proxy),
    OWNED(SECTION_SERVER, "mime_types", false, take_mime),
    OWNED(SECTION_SERVER, "unix_mode", false, take_mode),
    LIMIT("request_line", SIZE, request_line, 64, 65536),
    LIMIT("field_block", SIZE, field_block, 64, 1048576),
    LIMIT("fields", COUNT, fields, 1, 10000),
    LIMIT("body", SIZE, body, 0, GIB),
    LIMIT("request_pond", SIZE, request_pond, 16384, GIB),
    LIMIT("connection_pond", SIZE, connection_pond, 32768, GIB),
    LIMIT("head_timeout", TIME, head_ms, 10, DAY),
    LIMIT("progress_timeout", TIME, progress_ms, 10, DAY),
    LIMIT("idle_timeout", TIME, idle_ms, 10, DAY),
    LIMIT("linger_timeout", TIME, linger_ms, 10, DAY),
    LIMIT("linger_bytes", SIZE, linger_bytes, 0, GIB),
    LIMIT("stop_timeout", TIME, stop_ms, 10, DAY),
    LIMIT("pipelined_bytes", SIZE, batch_bytes, 1, 1048576),
    LIMIT("pipelined_answers", COUNT, batch_answers, 1, 10000),
    LIMIT("connections", COUNT, connections, 0, 100000000),
    LIMIT("connections_per_address", COUNT, per_address, 0, 100000000),
    LIMIT("requests_per_connection", COUNT, requests, 0, 100000000),
    LIMIT("cached_files", COUNT, cached_files, 0, 1000000),
    LIMIT("cached_bytes", SIZE, cached_bytes, 0, GIB),
    LIMIT("cached_time", TIME, cached_ms, 1, DAY),
    OWNED(SECTION_SITE, "root", false, take_root),
    OWNED(SECTION_SITE, "index", false, take_index),
    FILES("listing", listing),
    FILES("dot_files", dot_files),
    FILES("precompressed", precompressed),
    FILES("gzip", gzip),
    OWNED(SECTION_SITE, "symlinks", false, take_symlinks),
    OWNED(SECTION_SITE, "field", true, take_field),
    OWNED(SECTION_SITE, "name", true, take_name),
    OWNED(SECTION_SITE, "error_page", true, take_error_page),
    OWNED(SECTION_LOCATION, "path", false, take_path),
    OWNED(SECTION_SITE, "handler", false, take_handler),
};

#define N_KEYS (sizeof(keys) / sizeof(*keys))
_Static_assert(N_KEYS <= 64, "what was seen is kept in 64 bits");

const char *config_section_name(int section)
{
    static const char *const names[SECTIONS] = {"server", "limits", "site",
                                                "location"};

    return section < SECTIONS ? names[section] : NULL;
}

static bool belongs(const struct key *k, int section)
{
    if (section == SECTION_LOCATION && k->section == SECTION_SITE)
        return k->take != take_name && k->take != take_error_page;
    return (int)k->section == section;
}

static bool say_unknown(struct config_reader *r, const char *key)
{
    const char *names[N_KEYS], *near;
    const char *section = config_section_name(r->section);
    size_t n = 0;

    for (size_t i = 0; i < N_KEYS; i++)
        if (belongs(&keys[i], r->section))
            names[n++] = keys[i].name;
    near = config_nearest(key, names, n);
    if (near)
        return config_fail(r, "there is no key `%s` in [%s]; is `%s` meant?",
                           key, section, near);
    for (size_t i = 0; i < N_KEYS; i++)
        if (strcmp(keys[i].name, key) == 0)
            return config_fail(r, "`%s` does not belong in [%s], but in [%s]",
                               key, section,
                               config_section_name((int)keys[i].section));
    return config_fail(r, "there is no key `%s` in [%s]", key, section);
}

bool config_take(struct config_reader *r, const char *key, const char *value)
{
    if (r->section < 0)
        return config_fail(r, "`%s` stands before any [section]", key);
    for (size_t i = 0; i < N_KEYS; i++) {
        const struct key *k = &keys[i];
        if (!belongs(k, r->section) || strcmp(k->name, key) != 0)
            continue;
        if (r->seen >> i & 1 && !k->repeats)
            return config_fail(r, "`%s` is given twice", key);
        r->seen |= (uint64_t)1 << i;
        return k->kind == OWN   ? k->take(r, value)
               : k->kind == YES ? take_yes(r, k, value)
                                : take_number(r, k, value);
    }
    return say_unknown(r, key);
}
