/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_GZIP_H
#define SERVER_GZIP_H
/*
 * gzip.h - a file's bytes, compressed as they are sent. All memory, zlib's
 * too, is of the response's pond: some 60 KiB.
 */
#include "cache.h"

/* Files of these sizes are worth it. */
#define GZIP_LEAST 1024
#define GZIP_MOST 1048576

/* A request's pond of this size has room for it. */
#define GZIP_POND 131072

/* Make f the body of r. It has to stay until the response is sent. False when
 * out of memory. */
bool gzip_respond(struct response *r, const struct file *f);
#endif
