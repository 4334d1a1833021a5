/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory_poll.c - the interface of the blog post that Pond began with: one
 * current pool, filled piece by piece, freed as a whole.
 *
 *     cc memory_poll.c $(pkg-config --cflags --libs pond)
 */
#include "memory_poll.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 100, PIECES = 5000, PIECE_BYTES = 1000 };

int main(void)
{
    unsigned long made = 0;
    for (int round = 0; round < ROUNDS; round++) {
        memory_poll_init();
        for (int i = 0; i < PIECES; i++) {
            char *piece = memory_malloc(PIECE_BYTES);
            if (piece == NULL)
                return 1;
            memset(piece, i, 8);
            made++;
        }
        memory_poll_free();
    }
    printf("%lu pieces of %d bytes, %d times free\n", made, PIECE_BYTES,
           ROUNDS);
    return 0;
}

/* Prints:
500000 pieces of 1000 bytes, 100 times free
*/
