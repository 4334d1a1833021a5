/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_basics.c - one pond: allocate as you go, free once.
 *
 *     cc region_basics.c $(pkg-config --cflags --libs pond)
 *
 * Splits a line into words. How many there will be is not known beforehand,
 * nobody keeps a list of what to free, and no path out of here leaks.
 */
#include <pond/pond.h>
#include <stdio.h>
#include <string.h>

struct word {
    struct word *next;
    const char *text;
};

static struct word *split(pond *p, const char *line)
{
    struct word *first = NULL;
    struct word **last = &first;
    while (*(line += strspn(line, " ")) != '\0') {
        size_t length = strcspn(line, " ");
        struct word *w = pond_new(p, struct word);
        if (w == NULL)
            return NULL; /* what was made so far ends with p */
        w->next = NULL;
        w->text = pond_strndup(p, line, length);
        *last = w;
        last = &w->next;
        line += length;
    }
    return first;
}

int main(void)
{
    pond *p = pond_create(NULL, "line");
    if (p == NULL)
        return 1;

    const char *lines[] = {"a pond is a lifetime", "and a place to allocate"};
    for (size_t i = 0; i < 2; i++) {
        char *all = pond_strdup(p, "");
        for (struct word *w = split(p, lines[i]); w != NULL; w = w->next)
            if (all != NULL && w->text != NULL)
                all = pond_printf(p, "%s[%s]", all, w->text);
        puts(all != NULL ? all : "out of memory");
        pond_reset(p); /* all words end; the pond is ready for the next line */
    }

    /* A small vector grows in place for as long as it lies last. */
    int *numbers = NULL;
    int sum = 0;
    for (size_t n = 0; n < 100; n++) {
        numbers = pond_realloc(p, numbers, n * sizeof *numbers,
                               (n + 1) * sizeof *numbers);
        if (numbers == NULL)
            return 1;
        numbers[n] = (int)n;
        sum += numbers[n];
    }
    printf("the numbers to 99 add up to %d\n", sum);
    pond_destroy(p);
    return 0;
}

/* Prints:
[a][pond][is][a][lifetime]
[and][a][place][to][allocate]
the numbers to 99 add up to 4950
*/
