/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhaust.c - see exhaustive.h: counting through the sequences.
 */
#include "exhaustive.h"

#include <inttypes.h>
#include <signal.h>

enum { LONGEST = 16 };

/* Which one is being tried, for the report of a failure. */
static const struct alphabet *trying;
static size_t word[LONGEST];
static size_t at, long_now;

static void tell(int signal_number)
{
    if (!trying)
        return;
    fprintf(stderr, "after these operations of %s:", trying->name);
    for (size_t i = 0; i <= at && i < long_now; i++)
        fprintf(stderr, " %s%s", trying->letters[word[i]].name,
                i < at ? "," : "\n");
    signal(signal_number, SIG_DFL);
}

static uint64_t try_word(const struct alphabet *a, size_t length)
{
    void *world = a->begin();
    for (at = 0; at < length; at++)
        a->letters[word[at]].act(world);
    return a->end(world);
}

/* The next one in order; false: there is none. */
static bool advance(const struct alphabet *a, size_t length)
{
    for (size_t i = length; i-- > 0;) {
        if (++word[i] < a->n)
            return true;
        word[i] = 0;
    }
    return false;
}

void exhaust(const struct alphabet *a, size_t length)
{
    uint64_t words = 0, operations = 0;
    CHECK(length >= 1 && length <= LONGEST);
    trying = a;
    long_now = length;
    memset(word, 0, sizeof word);
    void (*before)(int) = signal(SIGABRT, tell);
    do {
        operations += try_word(a, length);
        words++;
    } while (advance(a, length));
    signal(SIGABRT, before);
    trying = NULL;
    print_message("%s: all %" PRIu64 " sequences of %zu out of %zu: %" PRIu64
                  " operations\n",
                  a->name, words, length, a->n, operations);
}
