/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults.c - see faults.h. Every stand-in passes on to the real call.
 */
#define _GNU_SOURCE /* mremap, mmap64 */
#include "faults.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

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

/* What the system itself says, which may have its limits. */
static void *seen(void *pages)
{
    int kinds = __atomic_load_n(&armed_kinds, __ATOMIC_SEQ_CST);
    if (pages == MAP_FAILED && kinds & FAULTS_TAKE)
        __atomic_add_fetch(&injected, 1, __ATOMIC_SEQ_CST);
    return pages;
}

/* Weak, so that a program that is not linked with --wrap links, too. */
#define REAL __attribute__((weak))
REAL extern void *__real_mmap(void *, size_t, int, int, int, off_t);
REAL extern void *__real_mmap64(void *, size_t, int, int, int, off_t);
REAL extern void *__real_mremap(void *, size_t, size_t, int, ...);
REAL extern int __real_munmap(void *, size_t);
REAL extern int __real_mprotect(void *, size_t, int);
REAL extern int __real_madvise(void *, size_t, int);
REAL extern void *__real_malloc(size_t);
REAL extern void *__real_calloc(size_t, size_t);
REAL extern void *__real_realloc(void *, size_t);
REAL extern void *__real_aligned_alloc(size_t, size_t);
REAL extern int __real_posix_memalign(void **, size_t, size_t);
REAL extern int __real_pthread_key_create(pthread_key_t *, void (*)(void *));
REAL extern int __real_pthread_setspecific(pthread_key_t, const void *);
REAL extern int __real_pthread_atfork(void (*)(void), void (*)(void),
                                      void (*)(void));
REAL extern ssize_t __real_getrandom(void *, size_t, unsigned);

void *__wrap_mmap(void *, size_t, int, int, int, off_t);
void *__wrap_mmap64(void *, size_t, int, int, int, off_t);
void *__wrap_mremap(void *, size_t, size_t, int, ...);
int __wrap_munmap(void *, size_t);
int __wrap_mprotect(void *, size_t, int);
int __wrap_madvise(void *, size_t, int);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void *__wrap_aligned_alloc(size_t, size_t);
int __wrap_posix_memalign(void **, size_t, size_t);
int __wrap_pthread_key_create(pthread_key_t *, void (*)(void *));
int __wrap_pthread_setspecific(pthread_key_t, const void *);
int __wrap_pthread_atfork(void (*)(void), void (*)(void), void (*)(void));
ssize_t __wrap_getrandom(void *, size_t, unsigned);

bool faults_possible(void)
{
    return __real_mmap && __real_munmap && __real_madvise && __real_malloc;
}

/* ------------------------------------------------------ the mmap family */

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd,
                  off_t offset)
{
    return refuse(FAULTS_TAKE)
               ? MAP_FAILED
               : seen(__real_mmap(at, size, protection, flags, fd, offset));
}

void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd,
                    off_t offset)
{
    return refuse(FAULTS_TAKE)
               ? MAP_FAILED
               : __real_mmap64(at, size, protection, flags, fd, offset);
}

void *__wrap_mremap(void *old, size_t old_size, size_t new_size, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    void *to = flags & MREMAP_FIXED ? va_arg(args, void *) : NULL;
    va_end(args);
    return refuse(new_size > old_size ? FAULTS_TAKE : FAULTS_GIVE)
               ? MAP_FAILED
               : __real_mremap(old, old_size, new_size, flags, to);
}

int __wrap_munmap(void *at, size_t size)
{
    return refuse(FAULTS_GIVE) ? -1 : __real_munmap(at, size);
}

int __wrap_mprotect(void *at, size_t size, int protection)
{
    return refuse(FAULTS_GIVE) ? -1 : __real_mprotect(at, size, protection);
}

int __wrap_madvise(void *at, size_t size, int advice)
{
    return refuse(FAULTS_GIVE) ? -1 : __real_madvise(at, size, advice);
}

/* ---------------------------------------------------- the malloc family */

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

/* -------------------------------------------------- once for a process */

int __wrap_pthread_key_create(pthread_key_t *key, void (*end)(void *))
{
    return refuse(FAULTS_ONCE) ? EAGAIN : __real_pthread_key_create(key, end);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    return refuse(FAULTS_ONCE) ? ENOMEM
                               : __real_pthread_setspecific(key, value);
}

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void),
                          void (*child)(void))
{
    return refuse(FAULTS_ONCE) ? ENOMEM
                               : __real_pthread_atfork(prepare, parent, child);
}

ssize_t __wrap_getrandom(void *to, size_t n, unsigned flags)
{
    return refuse(FAULTS_ONCE) ? -1 : __real_getrandom(to, n, flags);
}
