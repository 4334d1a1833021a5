/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_BODY_H
#define BENCH_BODY_H
/*
 * body.h - what the bodies in workloads/ are written with. Included by each
 * rival's file before the bodies; it must not name any allocator.
 */
#include "bench.h"

#include <string.h>

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define ROUND_FUNCTION __attribute__((noinline, aligned(64)))

/* What is done with an object once it is there. */
enum touch { UNTOUCHED, TOUCHED, WRITTEN };

/* The checked pass: every byte must be there, and is counted. */
static void object_check(struct work *w, void *object, size_t size)
{
    if (object == NULL) {
        w->failed = true;
        return;
    }
    memset(object, 0x5a, size);
    w->objects++;
    w->bytes += size;
}

/* The compiler must take the object for used, or it drops what is measured. */
static ALWAYS_INLINE void object_escape(void *object)
{
    __asm__ volatile("" : : "r"(object));
}

/* Every byte written, and the compiler not told that nobody will read it. */
static ALWAYS_INLINE void object_write(void *object, size_t size)
{
    __asm__ volatile("" : : "r"(memset(object, 1, size)) : "memory");
}

/*
 * TOUCHED stores an int, as a program that fills in a struct would: the
 * compiler may then keep a rival's cursor in a register from one allocation to
 * the next, if the rival is inlined. A store through a char pointer might have
 * changed the cursor itself, and would make each allocation wait for the store
 * of the one before. (So does WRITTEN, where memory is what takes the time.)
 */
static ALWAYS_INLINE void object_use(struct work *w, bool check, void *object,
                                     size_t size, enum touch touch)
{
    if (check) {
        object_check(w, object, size);
        return;
    }
    if (touch == TOUCHED)
        *(volatile int *)object = 1;
    else if (touch == WRITTEN)
        object_write(object, size);
    object_escape(object);
}

static inline void *must(void *pointer)
{
    if (__builtin_expect(pointer == NULL, 0))
        die("out of memory in a benchmark");
    return pointer;
}

/*
 * Compile a body twice: as it is timed, and as it is checked. "check" is a
 * constant in each, so the timed one holds no trace of the counting.
 */
#define ROUND_TWICE(name, body, ...)                                           \
    static ROUND_FUNCTION void name##_timed(struct work *w)                    \
    {                                                                          \
        body(w, false, ##__VA_ARGS__);                                         \
    }                                                                          \
    static ROUND_FUNCTION void name##_checked(struct work *w)                  \
    {                                                                          \
        body(w, true, ##__VA_ARGS__);                                          \
    }

#define ROUND_TIMED(text, name)                                                \
    {                                                                          \
        text, name##_timed, name##_checked, NULL                               \
    }
#define ROUND_PROGRAM(text, run)                                               \
    {                                                                          \
        text, NULL, NULL, run                                                  \
    }
#define ROUND_END                                                              \
    {                                                                          \
        NULL, NULL, NULL, NULL                                                 \
    }

#endif
