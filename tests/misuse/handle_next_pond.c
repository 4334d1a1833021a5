/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An overflow reaches the handle of the next pond. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond_options small = {.size = sizeof small, .first_block_bytes = 512};
    pond *a = pond_create_with(NULL, "first", &small);
    pond *b = pond_create_with(NULL, "second", &small);
    char *object = pond_alloc(a, 240);
    spill(object, 240, 100);
    pond_reset(b);
    pond_destroy(b);
    pond_destroy(a);
    return 0;
}
