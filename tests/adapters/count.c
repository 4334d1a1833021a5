/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * count.c - malloc and its kin, as seen by the whole process: a program's own
 * come before the C library's, also for shared libraries. They count and pass
 * on. A sanitizer or Valgrind puts its own there, so nothing is counted then.
 */
#include "adapter.h"

#include <errno.h>
#include <malloc.h>

static size_t calls;

size_t malloc_calls(void)
{
    return __atomic_load_n(&calls, __ATOMIC_RELAXED);
}

bool malloc_counted(void)
{
    return !TEST_ASAN && !TEST_TSAN && !test_under_valgrind() &&
           test_region_engine();
}

#if !TEST_ASAN && !TEST_TSAN
/* The names under which the C library offers its own. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void count(void)
{
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
    count();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    count();
    return __libc_calloc(n, size);
}

void *realloc(void *ptr, size_t size)
{
    count();
    return __libc_realloc(ptr, size);
}

void *reallocarray(void *ptr, size_t n, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(n, size, &bytes))
        return realloc(ptr, bytes);
    errno = ENOMEM;
    return NULL;
}

void *memalign(size_t alignment, size_t size)
{
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **at, size_t alignment, size_t size)
{
    void *object = memalign(alignment, size);
    if (object == NULL)
        return ENOMEM;
    *at = object;
    return 0;
}

void free(void *ptr)
{
    count();
    __libc_free(ptr);
}
#endif
