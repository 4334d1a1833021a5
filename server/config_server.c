/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_server.c - the keys of [server], and what those of other sections
 * share with them (declared in config_value.h).
 */
#include "config_value.h"

#include <stdlib.h>

/* A copy in the config's pond. */
bool config_keep(struct config_reader *r, const char **to, const char *value)
{
    *to = pond_strdup(r->config->pond, value);
    return *to || config_fail(r, "out of memory");
}

/* The next word, cut off at; NULL at the end. Commas count as blanks. */
char *config_next_word(char **at)
{
    char *word = *at + strspn(*at, " \t,");

    if (!*word)
        return NULL;
    *at = word + strcspn(word, " \t,");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

bool config_keep_path(struct config_reader *r, const char **to,
                      const char *value)
{
    if (!*value)
        return config_fail(r, "a path is missing");
    *to = pond_printf(r->config->pond, "%s%s", *value == '/' ? "" : r->folder,
                      value);
    return *to || config_fail(r, "out of memory");
}

bool config_take_listen(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *where, *option;

    if (!at)
        return config_fail(r, "out of memory");
    where = config_next_word(&at);
    option = where ? config_next_word(&at) : NULL;
    if (!where)
        return config_fail(r, "listen wants ADDRESS:PORT or unix:PATH");
    if ((option && strcmp(option, "proxy") != 0) || config_next_word(&at))
        return config_fail(r, "behind the address only `proxy` may stand");
    const char *why = config_add_listen(r->config, where, option);
    return !why || config_fail(r, "cannot listen at %s: %s", where, why);
}

bool config_take_log(struct config_reader *r, const char *value)
{
    if (strcmp(value, "-") == 0 || strcmp(value, "off") == 0)
        return config_keep(r, &r->config->log, value);
    return config_keep_path(r, &r->config->log, value);
}

bool config_take_proxy(struct config_reader *r, const char *value)
{
    char *at = pond_strdup(r->config->pond, value), *word;

    if (!at)
        return config_fail(r, "out of memory");
    while ((word = config_next_word(&at))) {
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

bool config_take_mime(struct config_reader *r, const char *value)
{
    if (strcmp(value, "off") == 0) {
        r->config->mime_types = NULL;
        return true;
    }
    return config_keep_path(r, &r->config->mime_types, value);
}

bool config_take_mode(struct config_reader *r, const char *value)
{
    char *end;
    unsigned long mode = strtoul(value, &end, 8);

    if (!text_is_digit(*value) || *end || mode > 0777)
        return config_fail(r, "unix_mode wants an octal mode such as 0660");
    r->config->unix_mode = (unsigned)mode;
    return true;
}
