/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sizes.c - the sizes of the requests: 64 sequences of 40, from 16 B to 4 KiB,
 * each power of two as likely as the next; a long sequence of the same; and
 * orders to free objects in. The same on every machine.
 */
#include "bench.h"

uint16_t request_sizes[REQUEST_SEQUENCES][REQUEST_OBJECTS];
uint16_t shuffles[SHUFFLES][SHUFFLED];
uint16_t mixed_sizes[MIXED_SIZES];

static void shuffle(uint16_t *order, uint64_t *random)
{
    for (uint32_t i = 0; i < SHUFFLED; i++) {
        uint32_t j = random_below(random, i + 1);
        order[i] = order[j];
        order[j] = (uint16_t)i;
    }
}

void sizes_set_up(void)
{
    uint64_t random = 20090101;

    for (int i = 0; i < REQUEST_SEQUENCES; i++)
        for (int j = 0; j < REQUEST_OBJECTS; j++)
            request_sizes[i][j] = (uint16_t)random_size(&random, 4, 12);
    for (int i = 0; i < MIXED_SIZES; i++)
        mixed_sizes[i] = (uint16_t)random_size(&random, 4, 12);
    for (int i = 0; i < SHUFFLES; i++)
        shuffle(shuffles[i], &random);
}
