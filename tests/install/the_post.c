/* SPDX-License-Identifier: BSD-2-Clause */
/* A program written for the post's interface: this one header, nothing of
 * Pond's own. It must compile and link with libpond.a unchanged. */
#include "memory_poll.h"

#include <stdio.h>
#include <time.h>

int main(void)
{
    clock_t began = clock();
    for (int i = 0; i < 1000; i++) {
        memory_poll_init();
        for (int j = 0; j < 5000; j++) {
            char *p = (char *)memory_malloc(1000);
            if (p == NULL)
                return 1;
            p[0] = 'x';
        }
        memory_poll_free();
    }
    printf("%ld\n", (long)(clock() - began));
    return 0;
}
