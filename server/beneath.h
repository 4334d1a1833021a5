/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_BENEATH_H
#define SERVER_BENEATH_H
/*
 * beneath.h - open files below a folder, and never outside it: neither by
 * "..", nor through a symbolic link, nor by a race with whoever moves folders
 * about. With openat2 the kernel sees to it, and links that stay inside are
 * followed, if they are to be; where openat2 is missing (kernels before 5.6) or
 * refused (some containers), the path is walked part by part and no link is
 * followed.
 */
#include <stdbool.h>

/* Which symbolic links are followed. */
enum beneath_links {
    BENEATH_LINKS_INSIDE, /* those that stay below the folder */
    BENEATH_LINKS_NONE,
    BENEATH_LINKS_ANYWHERE /* all: whoever can make a link can show any file */
};

struct beneath {
    int folder; /* -1: not open */
    bool walk;  /* openat2 cannot be had */
    enum beneath_links links;
};

/* Returns 0 or -errno. Closing one that is not open does nothing. */
int beneath_open(struct beneath *b, const char *folder,
                 enum beneath_links links);
void beneath_close(struct beneath *b);

/*
 * beneath_file - open a path below the folder for reading. Never waits, also
 * not for a FIFO, and does not look at what it has opened.
 * path     relative, not empty, without "." and ".."
 * Returns  a descriptor to be closed by the caller, or -errno
 */
int beneath_file(const struct beneath *b, const char *path);

/* The same, to be looked at only, and for a folder, to list what is in it
 * ("." is the folder itself). */
int beneath_look(const struct beneath *b, const char *path);
int beneath_folder(const struct beneath *b, const char *path);
#endif
