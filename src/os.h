/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OS_H
#define OS_H
/*
 * os.h - layer 1: what Pond asks of the operating system.
 *
 * Behind it stand os_<system>.c, the only place with mmap, madvise and clocks,
 * and os_checker.c. Nothing here knows of segments, blocks or ponds, takes a
 * lock or keeps state but the page size.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes in a page of memory: a power of two, 4096 or more. */
size_t os_page_size(void);

/*
 * Map bytes (a multiple of the page size) of zeroed memory at a multiple of
 * alignment (a power of two, a multiple of the page size). NULL when the
 * system refuses.
 */
void *os_map(size_t bytes, size_t alignment);

/* Unmap pages. False: the system refused, and they are still mapped. */
bool os_unmap(void *pages, size_t bytes);

/*
 * Give the memory of mapped pages back; they read as zero when next touched.
 * False: the system refused (locked pages, say), and they keep their content.
 */
bool os_purge(void *pages, size_t bytes);

/* Grow a mapping where it lies. False: there is no room behind it. */
bool os_grow(void *pages, size_t old_bytes, size_t new_bytes);

/* Ask for transparent huge pages beneath a mapping: a wish, without result. */
void os_wish_huge(void *pages, size_t bytes);

/* Monotonic microseconds: os_now exact, os_now_coarse a few ms behind but
 * without a system call or a serialising instruction. */
uint64_t os_now(void);
uint64_t os_now_coarse(void);

/* What checks each access to memory in this process. */
enum os_checker { OS_CHECKER_NONE, OS_CHECKER_ASAN, OS_CHECKER_VALGRIND };
enum os_checker os_checker(void);

/* Have the checker, if there is one, look at an access to these bytes, and so
 * report where they were allocated and freed. Nothing without a checker. */
void os_checker_touch(const void *ptr, size_t bytes);

/* A number that differs from run to run and cannot be guessed by a client. */
uint64_t os_secret(void);

#endif
