/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONFIG_VALUE_H
#define SERVER_CONFIG_VALUE_H
/*
 * config_value.h - how the values of keys are read that are neither numbers nor
 * yes or no. Each returns false when something is wrong, and has said what.
 */
#include "config_key.h"

/* Put a copy in the config's pond. */
bool config_keep(struct config_reader *r, const char **to, const char *value);

/* Likewise, of a path: relative ones are so to the folder of the file. */
bool config_keep_path(struct config_reader *r, const char **to,
                      const char *value);

/* The next word, cut off at; NULL at the end. Commas count as blanks. */
char *config_next_word(char **at);

/* [server] */
bool config_take_listen(struct config_reader *r, const char *value);
bool config_take_log(struct config_reader *r, const char *value);
bool config_take_proxy(struct config_reader *r, const char *value);
bool config_take_mime(struct config_reader *r, const char *value);
bool config_take_mode(struct config_reader *r, const char *value);

/* [site] and [location] */
bool config_take_name(struct config_reader *r, const char *value);
bool config_take_root(struct config_reader *r, const char *value);
bool config_take_index(struct config_reader *r, const char *value);
bool config_take_symlinks(struct config_reader *r, const char *value);
bool config_take_field(struct config_reader *r, const char *value);
bool config_take_error_page(struct config_reader *r, const char *value);
bool config_take_path(struct config_reader *r, const char *value);
bool config_take_handler(struct config_reader *r, const char *value);
#endif
