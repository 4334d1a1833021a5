/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONFIG_KEY_H
#define SERVER_CONFIG_KEY_H
/*
 * config_key.h - the keys of a configuration file: what each is called, in
 * which section it stands, and how its value is read.
 */
#include "config.h"

enum section {
    SECTION_SERVER,
    SECTION_LIMITS,
    SECTION_SITE,
    SECTION_LOCATION,
    SECTIONS
};

/* Where a file is being read. */
struct config_reader {
    struct config *config;
    const char *file;
    const char *folder; /* of the file: what paths are relative to */
    unsigned line;
    unsigned line_of_section;
    int section;   /* -1: none yet */
    bool any_site; /* the one that is there unasked has been used */
    uint64_t seen; /* keys of this section, as bits */
    struct site *site;
    struct location *location; /* whose keys are being read */
    const char *error;         /* the first one, with its place */
};

/* Remember what is wrong, with file and line, if nothing was before. */
bool config_fail(struct config_reader *r, const char *format, ...)
    POND_FORMAT(2, 3);

/* Take note of a key; false when something is wrong. */
bool config_take(struct config_reader *r, const char *key, const char *value);

/* The name of a section, NULL beyond the last. */
const char *config_section_name(int section);

/* The one of names that is nearest to word, or NULL when none is near. */
const char *config_nearest(const char *word, const char *const *names,
                           size_t n);
#endif
