/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLASS_H
#define CLASS_H
/*
 * class.h - layer 3: one record per name of pond.
 *
 * What is published is one byte: how large the first block of the next pond of
 * this name should be. It starts at 512 B and follows votes. Where few ponds of
 * a name live at a time (requests) the size settles where four in five need no
 * second block; where many do (connections) at the largest block that three to
 * four in five fill at least by half, since larger ones would waste memory for
 * all. Records are never freed; there are 256 and "other".
 */
#include "thread.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { NAME_MAX = 63 };

struct pond_class {
    _Alignas(16) char name[NAME_MAX + 1]; /* zeros behind */
    uint32_t mask;  /* bits 0 .. length, never met by 16 bytes and more */
    uint16_t index; /* in classes */
    uint8_t first;  /* block class of the first block; relaxed atomic */
    size_t handles; /* of ponds live or kept, in all threads; likewise */
};
extern struct pond_class classes[CLASSES_MAX + 1]; /* the last is "other" */

/* The record of this name, made if need be. Takes a lock. */
struct pond_class *class_find(const char *name);
/* How many records are in use: the first so many of classes. */
size_t class_count(void);

static inline unsigned class_first(const struct pond_class *c)
{
    return __atomic_load_n(&c->first, __ATOMIC_RELAXED);
}

/* Count handles that came to be or went. Not on the short ways. */
static inline void class_handles(struct pond_class *c, int change)
{
    __atomic_fetch_add(&c->handles, (size_t)change, __ATOMIC_RELAXED);
}

/* The vote of a pond that held so many bytes, handle included, at its end. */
void class_vote(struct kept *k, size_t bytes);

void class_fork_prepare(void);
void class_fork_done(void);

/* Whether 16 bytes can be read at a name without touching the next page. */
static inline bool name_is_wide(const char *name)
{
    return ((uintptr_t)name & 4095) <= 4096 - NAME_SHORT;
}

/*
 * Whether a name as passed, and wide, is that of this class; false: perhaps.
 * (The pointer alone does not tell: a caller's buffer may hold another name by
 * now.)
 */
__attribute__((no_sanitize("address"))) static inline bool
kept_is(const struct kept *k, const char *name)
{
#ifdef __SSE2__
    __m128i a = _mm_loadu_si128((const __m128i *)(const void *)name);
    __m128i b = _mm_load_si128((const __m128i *)(const void *)k->name);
    unsigned same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
    return (~same & k->mask) == 0;
#else
    return strncmp(name, k->class->name, NAME_MAX) == 0;
#endif
}

#endif
