/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLASS_H
#define CLASS_H
/*
 * class.h - layer 3: one record per name of pond.
 *
 * What is published is one byte: how large the first block of the next pond of
 * this name should be. It starts at 512 B, is raised when 2 of the last 8 that
 * ended on a thread had outgrown it, and lowered when 64 in a row would have
 * fitted half of it. Records are never freed; there are 256 and "other".
 */
#include "thread.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { NAME_MAX = 63, NAME_SHORT = 16 };

struct pond_class {
    _Alignas(16) char name[NAME_MAX + 1]; /* zeros behind */
    uint16_t length;                      /* of name */
    uint16_t index;
    uint8_t first; /* block class of the first block; relaxed atomic */
};

/* The record of this name, made if need be. Takes a lock. */
struct pond_class *class_find(const char *name);
/* All records made so far: 0 .. class_count() - 1, then "other" if used. */
size_t class_count(void);
struct pond_class *class_at(size_t i);

static inline unsigned class_first(const struct pond_class *c)
{
    return __atomic_load_n(&c->first, __ATOMIC_RELAXED);
}

/* What the end of a pond of this class teaches; first is what it had. */
void class_outgrown(struct pond_class *c, struct kept *k, unsigned first);
void class_fitted_half(struct pond_class *c, struct kept *k, unsigned first);

void class_fork_prepare(void);
void class_fork_done(void);

/*
 * Whether a name as passed is the name of this record. The pointer alone does
 * not tell: a caller's buffer may hold another name by now.
 */
__attribute__((no_sanitize("address"))) static inline bool
class_is(const struct pond_class *c, const char *name)
{
#ifdef __SSE2__
    /* 16 bytes at once where they cannot reach into the next page. */
    if (c->length < NAME_SHORT &&
        ((uintptr_t)name & 4095) <= 4096 - NAME_SHORT) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)name);
        __m128i b = _mm_load_si128((const __m128i *)(const void *)c->name);
        unsigned same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
        unsigned want = (2u << c->length) - 1;
        return (same & want) == want;
    }
#endif
    return strncmp(name, c->name, NAME_MAX) == 0;
}

#endif
