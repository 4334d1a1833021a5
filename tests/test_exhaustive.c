/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exhaustive.c - every sequence of a few operations (exhaustive/) on a
 * region, a fixed pool and a heap, against their models:
 *
 *     test_exhaustive [--length N]
 *
 * POND_TEST_SCALE makes the sequences shorter: below 100 by one operation,
 * below 10 by another one.
 */
#include "exhaustive/exhaustive.h"

static size_t length_wanted;

static size_t length_of(size_t full)
{
    if (length_wanted)
        return length_wanted;
    size_t percent = test_scaled(100);
    return full - (percent < 100) - (percent < 10);
}

static void region(void **state)
{
    (void)state;
    exhaust(&exhaustive_region, length_of(5));
}

static void fixed(void **state)
{
    (void)state;
    exhaust(&exhaustive_fixed, length_of(5));
}

static void heap(void **state)
{
    (void)state;
    exhaust(&exhaustive_heap, length_of(5));
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--length") == 0)
        length_wanted = strtoul(argv[2], NULL, 10);
    if (argc != 1 && (length_wanted < 1 || length_wanted > 9)) {
        fprintf(stderr, "usage: %s [--length 1..9]\n", argv[0]);
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(region),
        cmocka_unit_test(fixed),
        cmocka_unit_test(heap),
    };
    return cmocka_run_group_tests_name("exhaustive", tests, NULL, NULL);
}
