/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_SUPPORT_H
#define POND_TEST_SUPPORT_H
/*
 * support.h - what the test programs share: volume, chance, patterns, logs,
 * children and small stacks. It knows the public headers only.
 *
 * POND_TEST_SCALE (1 to 100, percent) in the environment scales the volume of
 * every test, for sanitizers and Valgrind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pond/pond.h>

#if defined(__SANITIZE_ADDRESS__)
#define TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TEST_ASAN 1
#endif
#endif
#ifndef TEST_ASAN
#define TEST_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define TEST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TEST_TSAN 1
#endif
#endif
#ifndef TEST_TSAN
#define TEST_TSAN 0
#endif

#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An assertion for threads and child processes, where cmocka's own, which
 * jump back to the runner, must not be used. */
#define CHECK(condition)                                                       \
    ((condition) ? (void)0 : test_check_failed(__FILE__, __LINE__, #condition))
_Noreturn void test_check_failed(const char *file, int line, const char *what);

/* n scaled by POND_TEST_SCALE, at least 1. */
size_t test_scaled(size_t n);

bool test_under_valgrind(void);

/*
 * Whether objects are carved from blocks. Under ASan, Valgrind and
 * POND_DEBUG=malloc each is its own malloc: then addresses, in-place growth
 * and exact byte counts mean nothing. Anywhere else it must be a region, and
 * this asserts that.
 */
bool test_region_engine(void);
/* Skip the running test (by cmocka) with a reason unless it is a region. */
void test_needs_region(void);

/* A value that the compiler cannot know. */
static inline size_t test_hide(size_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

static inline size_t test_round16(size_t size)
{
    return size == 0 ? 16 : (size + 15) & ~(size_t)15;
}

static inline bool test_aligned(const void *p, size_t alignment)
{
    return ((uintptr_t)p & (alignment - 1)) == 0;
}

/* Chance: splitmix64, the same on every machine. */
typedef struct test_random {
    uint64_t state;
} test_random;

static inline uint64_t test_random_next(test_random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 to n - 1 */
static inline size_t test_random_below(test_random *r, size_t n)
{
    return (size_t)(test_random_next(r) % n);
}

/* A size whose logarithm is even: 1 to 2^max_bits - 1. */
static inline size_t test_random_size(test_random *r, unsigned max_bits)
{
    unsigned bits = 1 + (unsigned)test_random_below(r, max_bits);
    return ((size_t)1 << (bits - 1)) +
           test_random_below(r, (size_t)1 << (bits - 1));
}

/* Contents that depend on seed and offset; every byte is written. */
void test_fill(void *at, size_t size, uint64_t seed);
bool test_holds(const void *at, size_t size, uint64_t seed);
bool test_is_zero(const void *at, size_t size);

/* A log of numbers, for the order of cleanups. */
void test_notes_clear(void);
void test_note(void *number); /* a cleanup: notes (int)(intptr_t)number */
size_t test_notes_count(void);
int test_notes_at(size_t i);
void test_notes_expect(const int *numbers, size_t n, const char *file,
                       int line);
#define NUMBER(n) ((void *)(intptr_t)(n))
#define EXPECT_NOTES(...)                                                      \
    test_notes_expect((const int[]){__VA_ARGS__},                              \
                      COUNT(((const int[]){__VA_ARGS__})), __FILE__, __LINE__)
#define EXPECT_NO_NOTES() assert_int_equal(test_notes_count(), 0)

/* A handle that is registered for certain. */
pond_cleanup *test_defer(pond *p, void (*fn)(void *), void *arg);
/* Ponds that are made for certain. */
pond *test_pond(pond *parent, const char *name);
pond *test_pond_sized(pond *parent, const char *name, size_t first_block);

bool test_same_usage(pond_usage a, pond_usage b);
void test_print_usage(const char *label, pond_usage u);

/* Resident bytes of this process. */
size_t test_resident(void);

/* For use as teardown: no pond of this test is left. */
int test_no_ponds_left(void **state);

/* Run fn in a child process; returns its wait status, 0 when all is well. */
int test_in_child(void (*fn)(void *), void *arg);

/* What a child that was forked by hand ends with, for what it covered counts.
 */
_Noreturn void test_leave(int status);

/* Run fn in a child; it must abort over one misuse whose line holds `naming`
 * (NULL: any line). */
void test_expect_misuse(void (*fn)(void *), void *arg, const char *naming,
                        const char *file, int line);
#define EXPECT_MISUSE(fn, arg, naming)                                         \
    test_expect_misuse(fn, arg, naming, __FILE__, __LINE__)

/* Run fn on a thread with a stack of about 64 KiB (more under a sanitizer). */
void test_on_small_stack(void (*fn)(void *), void *arg);

/*
 * In a child: prepare(arg), then count the machine instructions of
 * operate(arg), by single steps. Negative when this system does not allow it.
 */
long test_count_steps(void (*prepare)(void *), void (*operate)(void *),
                      void *arg);

#endif
