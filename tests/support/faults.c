/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults.c - see faults.h. Every stand-in passes on to the real call, by way
 * of the sanitizer's own stand-in if there is one.
 */
#define _GNU_SOURCE /* mremap, mmap64 */
#include "faults.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int armed_kinds;
static size_t fail_at;
static int fail_for_ever;
static size_t calls;
static size_t injected;

void faults_arm(int kinds, size_t n, bool for_ever)
{
    __atomic_store_n(&calls, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&injected, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&fail_at, n, __ATOMIC_SEQ_CST);
    __atomic_store_n(&fail_for_ever, for_ever, __ATOMIC_SEQ_CST);
    __atomic_store_n(&armed_kinds, kinds, __ATOMIC_SEQ_CST);
}

void faults_disarm(void)
{
    __atomic_store_n(&armed_kinds, 0, __ATOMIC_SEQ_CST);
}

size_t faults_injected(void)
{
    return __atomic_load_n(&injected, __ATOMIC_SEQ_CST);
}

size_t faults_calls(void)
{
    return __atomic_load_n(&calls, __ATOMIC_SEQ_CST);
}

static bool refuse(int kind)
{
    if (!(__atomic_load_n(&armed_kinds, __ATOMIC_SEQ_CST) & kind))
        return false;
    size_t n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    size_t at = __atomic_load_n(&fail_at, __ATOMIC_SEQ_CST);
    bool now = n == at ||
               (n > at && __atomic_load_n(&fail_for_ever, __ATOMIC_SEQ_CST));
    if (now) {
        __atomic_add_fetch(&injected, 1, __ATOMIC_SEQ_CST);
        errno = ENOMEM;
    }
    return now;
}

/* ------------------------------------------------------ the mmap family */

extern void *__interceptor_mmap(void *, size_t, int, int, int, off_t)
    __attribute__((weak));
extern int __interceptor_munmap(void *, size_t) __attribute__((weak));

#define STAND_IN __attribute__((visibility("default")))

static void *real_mmap(void *at, size_t size, int protection, int flags, int fd,
                       off_t offset)
{
    if (__interceptor_mmap)
        return __interceptor_mmap(at, size, protection, flags, fd, offset);
    long got = syscall(SYS_mmap, at, size, protection, flags, fd, offset);
    return (void *)got;
}

STAND_IN void *mmap(void *at, size_t size, int protection, int flags, int fd,
                    off_t offset)
{
    if (refuse(FAULTS_TAKE))
        return MAP_FAILED;
    return real_mmap(at, size, protection, flags, fd, offset);
}

STAND_IN void *mmap64(void *at, size_t size, int protection, int flags, int fd,
                      off_t offset)
{
    if (refuse(FAULTS_TAKE))
        return MAP_FAILED;
    return real_mmap(at, size, protection, flags, fd, offset);
}

STAND_IN int munmap(void *at, size_t size)
{
    if (refuse(FAULTS_GIVE))
        return -1;
    if (__interceptor_munmap)
        return __interceptor_munmap(at, size);
    return (int)syscall(SYS_munmap, at, size);
}

STAND_IN int madvise(void *at, size_t size, int advice)
{
    if (refuse(FAULTS_GIVE))
        return -1;
    return (int)syscall(SYS_madvise, at, size, advice);
}

STAND_IN int mprotect(void *at, size_t size, int protection)
{
    if (refuse(FAULTS_GIVE))
        return -1;
    return (int)syscall(SYS_mprotect, at, size, protection);
}

STAND_IN void *mremap(void *old, size_t old_size, size_t new_size, int flags,
                      ...)
{
    va_list args;
    va_start(args, flags);
    void *to = flags & MREMAP_FIXED ? va_arg(args, void *) : NULL;
    va_end(args);
    if (refuse(new_size > old_size ? FAULTS_TAKE : FAULTS_GIVE))
        return MAP_FAILED;
    long got = syscall(SYS_mremap, old, old_size, new_size, flags, to);
    return (void *)got;
}

/* ---------------------------------------------------- the malloc family */

extern void *__real_malloc(size_t) __attribute__((weak));
extern void *__real_calloc(size_t, size_t) __attribute__((weak));
extern void *__real_realloc(void *, size_t) __attribute__((weak));
extern void *__real_aligned_alloc(size_t, size_t) __attribute__((weak));
extern int __real_posix_memalign(void **, size_t, size_t) __attribute__((weak));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **at, size_t alignment, size_t size);

bool faults_cover_malloc(void)
{
    return __real_malloc != NULL;
}

void *__wrap_malloc(size_t size)
{
    return refuse(FAULTS_TAKE) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse(FAULTS_TAKE) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
    return refuse(FAULTS_TAKE) ? NULL : __real_realloc(at, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return refuse(FAULTS_TAKE) ? NULL : __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void **at, size_t alignment, size_t size)
{
    return refuse(FAULTS_TAKE) ? ENOMEM
                               : __real_posix_memalign(at, alignment, size);
}
