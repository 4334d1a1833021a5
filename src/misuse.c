/* SPDX-License-Identifier: BSD-2-Clause */
/* misuse.c - layer 3: one clear line about a programming error, then abort. */
#include "debug.h"
#include "region.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void (*handler)(const char *line, void *arg);
static void *handler_arg;

void pond_on_misuse(void (*fn)(const char *line, void *), void *arg)
{
    pthread_mutex_lock(&lock);
    handler = fn;
    handler_arg = arg;
    pthread_mutex_unlock(&lock);
}

static void tell(const char *format, va_list args)
{
    char line[1024] = "pond: misuse: ";
    size_t n = strlen(line);
    vsnprintf(line + n, sizeof line - n - 1, format, args);
    pthread_mutex_lock(&lock);
    void (*fn)(const char *, void *) = handler;
    void *arg = handler_arg;
    pthread_mutex_unlock(&lock);
    if (fn) {
        fn(line, arg);
    } else {
        n = strlen(line);
        line[n] = '\n'; /* one write, so that lines do not mix */
        ssize_t written = write(STDERR_FILENO, line, n + 1);
        (void)written;
    }
}

void misuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(format, args);
    va_end(args);
    abort();
}

void misuse_at(const void *ptr, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(format, args);
    va_end(args);
    os_checker_touch(ptr, 1);
    abort();
}

void misuse_block(const struct region *r, const struct block_head *b)
{
    misuse("the head at %p of a block of pond \"%s\" (%p) was overwritten",
           (const void *)b, region_class(r)->name, (const void *)r);
}

void misuse_dead(const struct region *r, const char *call)
{
    if (debug_on)
        debug_misuse_pointer(call, r, "pond", NULL);
    if (r->magic == magic_at(r, MAGIC_DEAD))
        misuse("%s: the pond at %p has been ended", call, (const void *)r);
    misuse("%s: %p is not a pond, or its handle was overwritten", call,
           (const void *)r);
}
