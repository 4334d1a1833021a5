/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.c - see fuzz.h: the count.
 */
#include "fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t fuzz_operations;

static void tell(void)
{
    printf("operations: %" PRIu64 "\n", fuzz_operations);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return atexit(tell);
}
