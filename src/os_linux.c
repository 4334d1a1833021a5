/* SPDX-License-Identifier: BSD-2-Clause */
/* os_linux.c - layer 1 for Linux. See os.h for what each function promises. */
#define _GNU_SOURCE
#include "os.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

size_t os_page_size(void)
{
    static size_t page; /* written with one value only, so a race is harmless */
    size_t bytes = __atomic_load_n(&page, __ATOMIC_RELAXED);
    if (bytes == 0) {
        long answer = sysconf(_SC_PAGESIZE);
        bytes = answer > 4096 ? (size_t)answer : 4096;
        __atomic_store_n(&page, bytes, __ATOMIC_RELAXED);
    }
    return bytes;
}

static char *map(size_t bytes)
{
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void *os_map(size_t bytes, size_t alignment)
{
    char *pages = map(bytes);
    if (pages == NULL || ((uintptr_t)pages & (alignment - 1)) == 0)
        return pages;
    /* Not aligned by luck: map more and cut off both ends. */
    munmap(pages, bytes);
    size_t larger;
    if (__builtin_add_overflow(bytes, alignment, &larger))
        return NULL;
    pages = map(larger);
    if (pages == NULL)
        return NULL;
    size_t before = -(uintptr_t)pages & (alignment - 1);
    size_t after = alignment - before;
    if (before > 0)
        munmap(pages, before);
    if (after > 0)
        munmap(pages + before + bytes, after);
    return pages + before;
}

bool os_unmap(void *pages, size_t bytes)
{
    return munmap(pages, bytes) == 0;
}

bool os_purge(void *pages, size_t bytes)
{
    return madvise(pages, bytes, MADV_DONTNEED) == 0;
}

bool os_grow(void *pages, size_t old_bytes, size_t new_bytes)
{
    /* Without MREMAP_MAYMOVE: a moved mapping would lose its alignment. */
    return mremap(pages, old_bytes, new_bytes, 0) != MAP_FAILED;
}

void os_wish_huge(void *pages, size_t bytes)
{
    int kept = errno;
    (void)madvise(pages, bytes, MADV_HUGEPAGE);
    errno = kept;
}

static uint64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

uint64_t os_now(void)
{
    return now(CLOCK_MONOTONIC);
}

uint64_t os_now_coarse(void)
{
    return now(CLOCK_MONOTONIC_COARSE);
}

uint64_t os_secret(void)
{
    uint64_t secret = 0;
    if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) !=
        (ssize_t)sizeof secret)
        secret = os_now() * 0x9e3779b97f4a7c15u ^ (uintptr_t)&secret;
    return secret;
}
