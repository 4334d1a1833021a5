/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_MIME_H
#define SERVER_MIME_H
/*
 * mime.h - the media type of a file, by its name: from a table of what web
 * sites hold, then from a file such as /etc/mime.types.
 */
#include <pond/pond.h>

#include "text.h"

struct mime_types;

/* name: the last part of a path. more: NULL, or what else is known. The text
 * lives as long as that. */
struct text mime_of(const struct mime_types *more, const char *name);

/* Read more types, into p. Returns NULL, and *error is an errno, on failure. */
struct mime_types *mime_read(pond *p, const char *file, int *error);

/* Whether such files become much smaller when compressed. */
bool mime_is_compressible(struct text type);
#endif
