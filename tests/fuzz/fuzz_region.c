/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_region.c - ponds with children, cleanups, marks and budgets against the
 * reference of tests/model. The first byte says whether there are budgets and
 * whether idle memory is given back on the way; each step takes some of the
 * rest.
 */
#include "fuzz.h"
#include "model/model.h"

#include <limits.h>

enum { BUDGETS = 1, TRIMMING = 2, TRIM_AFTER = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2)
        return 0;
    struct model *m = model_begin(0, bytes[0] & BUDGETS);
    m->choice.bytes = bytes + 1;
    m->choice.n_bytes = n - 1;
    while (!choice_ended(&m->choice)) {
        model_step(m);
        if ((bytes[0] & TRIMMING) && m->step % TRIM_AFTER == 0)
            pond_trim(m->step % 256 ? 1 : UINT_MAX);
    }
    fuzz_operations += m->step;
    model_finish(m);
    CHECK(pond_process_usage_get().n_ponds == 0);
    return 0;
}
