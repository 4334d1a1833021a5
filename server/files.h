/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H
/*
 * files.h - the handler that answers with files below a folder: their type,
 * length and date, index.html for a folder, a redirect for a folder asked for
 * without its slash. Its state (location.state) is a struct beneath.
 */
#include "router.h"

extern const struct handler files_handler;
#endif
