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

static int kernel_open(int folder, const char *path, int flags)
{
    struct open_how how = {.flags = (unsigned)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

    for (int i = 0; i < TRIES; i++) {
        long fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
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

static int walk_open(int folder, const char *path)
{
    char name[NAME_MAX + 1];
    int at = folder;

    for (;;) {
        size_t n = strcspn(path, "/");
        if (n > NAME_MAX)
            n = 0; /* no such name can be */
        memcpy(name, path, n);
        name[n] = '\0';
        /* The caller has resolved these; a walk must not trust that. */
        bool bad = n == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
        int fd =
            bad ? -ENOENT : step(at, name, path[n] ? FOLDER_FLAGS : FILE_FLAGS);
        if (at != folder)
            close(at);
        if (fd < 0 || !path[n])
            return fd;
        at = fd;
        path += n + 1;
    }
}

int beneath_open(struct beneath *b, const char *folder)
{
    b->folder = open(folder, FOLDER_FLAGS);
    if (b->folder < 0)
        return -errno;
    int fd = kernel_open(b->folder, ".", FOLDER_FLAGS);
    b->walk = fd < 0;
    if (fd >= 0)
        close(fd);
    return 0;
}

void beneath_close(struct beneath *b)
{
    close(b->folder);
    b->folder = -1;
}

int beneath_file(const struct beneath *b, const char *path)
{
    return b->walk ? walk_open(b->folder, path)
                   : kernel_open(b->folder, path, FILE_FLAGS);
}
