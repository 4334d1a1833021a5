/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_LISTING_H
#define SERVER_LISTING_H
/* listing.h - a page with the names in a folder. */
#include "files.h"

/* path: of the folder below its root, "" for the root itself. False when out
 * of memory: so many names that the request's pond cannot hold them. */
bool listing_respond(const struct files_options *o, const struct request *q,
                     const char *path, struct response *r);
#endif
