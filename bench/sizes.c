/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sizes.c - the sizes of the requests: 64 sequences of 40, from 16 B to 4 KiB,
 * each power of two as likely as the next. The same on every machine.
 */
#include "bench.h"

uint16_t request_sizes[REQUEST_SEQUENCES][REQUEST_OBJECTS];

void sizes_set_up(void)
{
    uint64_t random = 20090101;

    for (int i = 0; i < REQUEST_SEQUENCES; i++)
        for (int j = 0; j < REQUEST_OBJECTS; j++)
            request_sizes[i][j] = (uint16_t)random_size(&random, 4, 12);
}
