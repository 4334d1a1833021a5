/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_MIME_H
#define SERVER_MIME_H
/* mime.h - the media type of a file, by its name. */

/* name: the last part of a path. Never NULL; lives as long as the process. */
const char *mime_of(const char *name);
#endif
