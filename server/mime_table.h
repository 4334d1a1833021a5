/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_MIME_TABLE_H
#define SERVER_MIME_TABLE_H
/* mime_table.h - what mime.c and mime_read.c share. */
#include "mime.h"

#define MIME_UTF8 "; charset=utf-8"

struct mime_type {
    const char *extension; /* lower case; tables are sorted by it */
    const char *type;
};

struct mime_types {
    struct mime_type *types;
    size_t n;
    size_t room;
};
#endif
