/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_near.c - which word may have been meant (declared in config_key.h):
 * the one that takes the fewest insertions, deletions and replacements.
 */
#include "config_key.h"

#define WORD_BYTES 48

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_BYTES + 1];
    size_t n = strlen(b);

    if (n > WORD_BYTES || strlen(a) > WORD_BYTES)
        return WORD_BYTES;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (unsigned i = 0; a[i]; i++) {
        unsigned diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            unsigned above = row[j + 1];
            unsigned replaced = diagonal + (text_lower(a[i]) != b[j]);
            row[j + 1] = least(replaced, least(above, row[j]) + 1);
            diagonal = above;
        }
    }
    return row[n];
}

const char *config_nearest(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    /* Half of the letters have to be right. */
    unsigned best_distance = (unsigned)strlen(word) / 2 + 1;

    for (size_t i = 0; i < n; i++) {
        unsigned d = distance(word, names[i]);
        if (d < best_distance) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}
