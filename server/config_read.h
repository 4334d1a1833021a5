/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_CONFIG_READ_H
#define SERVER_CONFIG_READ_H
/*
 * config_read.h - a configuration from a file in ini form.
 * pondserve.conf.example explains every key.
 */
#include "config.h"

/* Returns NULL, or "FILE:LINE: what is wrong", in the config's pond. */
const char *config_read(struct config *c, const char *file);
#endif
