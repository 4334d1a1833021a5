/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H
/*
 * files.h - the handler that answers with files below a folder: their type,
 * length and date, the index of a folder or its listing, a redirect for a
 * folder asked for without its slash. What a client already has (conditions),
 * wants a part of (ranges) or can unpack (encodings) is for the rooms beside.
 */
#include "beneath.h"
#include "router.h"

#define FILES_INDEXES 8

/* The handler's options (location.options). */
struct files_options {
    const char *root;    /* the folder, as it was given */
    bool strip;          /* the location's path is no part of a file's */
    bool listing;        /* of folders without an index */
    bool dot_files;      /* may be asked for */
    bool precompressed;  /* look for FILE.br and FILE.gz */
    bool gzip;           /* compress what is worth it */
    unsigned char links; /* enum beneath_links */
    const char *index[FILES_INDEXES];
    size_t n_index;
    struct beneath folder; /* the root, opened */
};

extern const struct files_options files_defaults;
extern const struct handler files_handler;

/* Open the root, and close it. 0 or -errno. */
int files_open(struct files_options *o);
void files_close(struct files_options *o);

/* The status that tells a client of an errno. */
unsigned files_status_of(int error);

/* Give the error in r the page at path, if there is one. False when out of
 * memory. */
bool files_error_page(const struct location *where, struct service *s,
                      const struct request *q, const char *path,
                      struct response *r);

/* Whether a part of the path begins with a dot; /.well-known/ may. */
bool files_is_hidden(const char *path);
#endif
