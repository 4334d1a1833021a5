/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_CHOICE_H
#define POND_TEST_CHOICE_H
/*
 * choice.h - what a model decides by: chance, or the bytes that a fuzzer has
 * given. So the same steps are taken in a random test and under a fuzzer. It
 * knows nothing of ponds.
 */
#include "support.h"

struct choice {
    test_random random;   /* always there: for contents and samples */
    const uint8_t *bytes; /* NULL: all is left to chance */
    size_t n_bytes;       /* not yet read */
};

/* All the bytes have been read; from now on every choice is 0. */
static inline bool choice_ended(const struct choice *c)
{
    return c->bytes && c->n_bytes == 0;
}

/* 0 to n - 1, by as few bytes as can tell them apart. */
static inline size_t choice_below(struct choice *c, size_t n)
{
    if (!c->bytes)
        return test_random_below(&c->random, n);
    size_t value = 0;
    for (size_t most = n - 1; most > 0 && c->n_bytes > 0; most >>= 8) {
        value = value << 8 | *c->bytes++;
        c->n_bytes--;
    }
    return value % n;
}

/* A size whose logarithm is even: 1 to 2^max_bits - 1. */
static inline size_t choice_size(struct choice *c, unsigned max_bits)
{
    size_t bits = choice_below(c, max_bits);
    return ((size_t)1 << bits) + choice_below(c, (size_t)1 << bits);
}

#endif
