/* SPDX-License-Identifier: BSD-2-Clause */
/* beneath.c - see beneath.h. */
#define _GNU_SOURCE 1
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_FLAGS (O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* The kernel may answer EAGAIN when something is renamed meanwhile. */
#define TRIES 8

static int kernel_open(const struct beneath *b, const char *path, int flags)
{
    struct open_how how = {.flags = (unsigned)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

    if (b->links == BENEATH_LINKS_NONE)
        how.resolve |= RESOLVE_NO_SYMLINKS;

    for (int i = 0; i < TRIES; i++) {
        long fd = syscall(SYS_openat2, b->folder, path, &how, sizeof(how));
        if (fd >= 0)
            return (int)fd;
        if (errno != EAGAIN && errno != EINTR)
            return -errno;
    }
    return -EAGAIN;
}

static int step(int folder, const char *name, int flags)
{
    int fd = openat(folder, name, flags | O_NOFOLLOW);

    return fd < 0 ? -errno : fd;
}

static int walk_open(int folder, const char *path, int flags)
{
    char name[NAME_MAX + 1];
    int at = folder;

    if (strcmp(path, ".") == 0)
        return step(folder, path, flags);

    for (;;) {
        size_t n = strcspn(path, "/");
        if (n > NAME_MAX)
            n = 0; /* no such name can be */
        memcpy(name, path, n);
        name[n] = '\0';
        /* The caller has resolved these; a walk must not trust that. */
        bool bad = n == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
        int fd = bad ? -ENOENT : step(at, name, path[n] ? FOLDER_FLAGS : flags);
        if (at != folder)
            close(at);
        if (fd < 0 || !path[n])
            return fd;
        at = fd;
        path += n + 1;
    }
}

int beneath_open(struct beneath *b, const char *folder,
                 enum beneath_links links)
{
    *b = (struct beneath){.folder = open(folder, FOLDER_FLAGS), .links = links};
    if (b->folder < 0)
        return -errno;
    int fd = kernel_open(b, ".", FOLDER_FLAGS);
    b->walk = fd < 0 && links != BENEATH_LINKS_ANYWHERE;
    if (fd >= 0)
        close(fd);
    return 0;
}

void beneath_close(struct beneath *b)
{
    if (b->folder >= 0)
        close(b->folder);
    b->folder = -1;
}

static int open_by(const struct beneath *b, const char *path, int flags)
{
    if (b->links == BENEATH_LINKS_ANYWHERE) {
        int fd = openat(b->folder, path, flags);
        return fd < 0 ? -errno : fd;
    }
    return b->walk ? walk_open(b->folder, path, flags)
                   : kernel_open(b, path, flags);
}

int beneath_file(const struct beneath *b, const char *path)
{
    return open_by(b, path, FILE_FLAGS);
}

int beneath_look(const struct beneath *b, const char *path)
{
    return open_by(b, path, O_PATH | O_CLOEXEC);
}

int beneath_folder(const struct beneath *b, const char *path)
{
    return open_by(b, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}
