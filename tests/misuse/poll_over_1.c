/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: A byte is written behind what memory_malloc gave. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    memory_poll_init();
    char *object = memory_malloc(40);
    spill(object, 40, 1);
    memory_poll_free();
    return 0;
}
