/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_heap.c - heaps in a tree of ponds, with marks and budgets, against
 * the reference of tests/pools.
 */
#include "fuzz.h"
#include "pools/pools.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    struct pools *m = pools_begin(n, POOLS_HEAPS);
    m->choice.bytes = bytes;
    m->choice.n_bytes = n;
    while (!choice_ended(&m->choice))
        pools_step(m);
    fuzz_operations += m->n_operations;
    pools_finish(m);
    CHECK(pond_process_usage_get().n_ponds == 0);
    return 0;
}
