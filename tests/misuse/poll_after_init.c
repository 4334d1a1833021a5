/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: What memory_malloc gave is read after another memory_poll_init. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    memory_poll_init();
    char *object = memory_malloc(40);
    memory_poll_init();
    peek(object, 3);
    memory_poll_free();
    return 0;
}
