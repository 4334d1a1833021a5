/* SPDX-License-Identifier: BSD-2-Clause */
/* config_key.c - see config_key.h. */
#include "config_key.h"

#include <stdlib.h>

#include "config_value.h"
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
    OWNED(SECTION_SERVER, "listen", true, config_take_listen),
    OWNED(SECTION_SERVER, "log", false, config_take_log),
    OWNED(SECTION_SERVER, "trusted_proxy", true, config_take_proxy),
    OWNED(SECTION_SERVER, "mime_types", false, config_take_mime),
    OWNED(SECTION_SERVER, "unix_mode", false, config_take_mode),
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
    OWNED(SECTION_SITE, "root", false, config_take_root),
    OWNED(SECTION_SITE, "index", false, config_take_index),
    FILES("listing", listing),
    FILES("dot_files", dot_files),
    FILES("precompressed", precompressed),
    FILES("gzip", gzip),
    OWNED(SECTION_SITE, "symlinks", false, config_take_symlinks),
    OWNED(SECTION_SITE, "field", true, config_take_field),
    OWNED(SECTION_SITE, "name", true, config_take_name),
    OWNED(SECTION_SITE, "error_page", true, config_take_error_page),
    OWNED(SECTION_LOCATION, "path", false, config_take_path),
    OWNED(SECTION_SITE, "handler", false, config_take_handler),
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
        return k->take != config_take_name && k->take != config_take_error_page;
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
