/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: What memory_malloc gave is read after the end of its thread. */
/* release: not seen: nobody looks at each access; the memory is still mapped,
 * and used again soon */
/* debug: not seen: only writes leave a trace; what is read is 0xf5 bytes, or
 * 0xb5 around an object */
/* asan: AddressSanitizer: heap-use-after-free | READ of size 1 | is located 3
 * bytes inside of 40-byte region */
/* valgrind: Invalid read of size 1 | is 3 bytes inside a block of size 40
 * free'd */
#include "crime.h"

static void *work(void *unused)
{
    (void)unused;
    return memory_malloc(40);
}

int main(void)
{
    pthread_t thread;
    void *object;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, &object);
    peek(object, 3);
    return 0;
}
