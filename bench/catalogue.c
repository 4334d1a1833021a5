/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue.c - the table of workloads. What each does is in workloads/NAME.h;
 * here is how it is counted and what the project wants of it. A bound is a
 * goal that the report prints beside what was measured, met or not.
 */
#include "catalogue.h"

#include <string.h>

const struct workload catalogue[] = {
    {
        .name = "post",
        .summary = "the post's program: 1000 rounds of 5000 allocations of "
                   "1000 bytes",
        .columns = {{"malloc_seconds", "malloc/free s"},
                    {"pool_seconds", "memory_poll s"},
                    {"ratio", "ratio"}},
        .wants = {{WANT_AT_LEAST, 200, NULL, "ratio", NULL}},
    },
    {
        .name = "seed",
        .first = "post",
        .summary = "the post's loop: 5000 objects of 1000 bytes, untouched, "
                   "then the end",
        .unit = "allocation",
        .per_repeat = 5000,
        .wants = {{WANT_FASTER, 4, "apr", NULL, NULL},
                  {WANT_FASTER, 400, "glibc", NULL, NULL}},
    },
    {
        .name = "seed-written",
        .summary = "the same, every byte written",
        .unit = "allocation",
        .per_repeat = 5000,
        .wants = {{WANT_WITHIN, 1.05, "floor", NULL, NULL}},
    },
    {
        .name = "request",
        .summary = "create, 40 objects of 16 B to 4 KiB, the start touched, "
                   "destroy",
        .unit = "request",
        .per_repeat = 1,
        .wants = {{WANT_FASTER, 3.5, "apr", NULL, NULL},
                  {WANT_WITHIN, 1.3, "floor", NULL, NULL}},
    },
    {
        .name = "create",
        .summary = "create, one object of 64 B, destroy",
        .unit = "pool",
        .per_repeat = 1,
        .wants = {{WANT_FASTER, 8, "apr", NULL, NULL}},
    },
    {
        .name = "handoff",
        .summary = "a request's pool made on one thread, destroyed on another",
        .unit = "pool",
        .per_repeat = 16,
        .n_threads = 2,
        .wants = {{WANT_FASTER, 3, "apr", NULL, NULL}},
    },
    {
        .name = "idle",
        .summary = "RSS of 100,000 pools that hold 200 bytes each",
        .columns = {{"bytes_each", "bytes each"}},
        .wants = {{WANT_AT_MOST, 530, NULL, "bytes_each", NULL}},
    },
    {
        .name = "idle-after-fat",
        .summary = "the same when pools of that class ended fat before, the "
                   "size fixed by option",
        .columns = {{"bytes_each", "bytes each"}},
        .wants = {{WANT_AT_MOST, 530, NULL, "bytes_each", NULL}},
    },
    {
        .name = "sawtooth",
        .summary = "10,000 pools live, then 1,000, 60 times: RSS two seconds "
                   "later (takes two minutes)",
        .together = true,
        .columns = {{"over_reserved_median", "RSS/reserved"},
                    {"over_reserved_worst", "worst"},
                    {"over_used_median", "RSS/used"},
                    {"over_used_worst", "worst"},
                    {"peak_mib", "peak MiB"},
                    {"trim_worst_us", "trim us"}},
        .wants = {{WANT_AT_MOST, 1.3, NULL, "over_reserved_worst", NULL},
                  {WANT_AT_MOST_THEIRS, 1, "glibc", "over_used_worst", NULL},
                  {WANT_AT_MOST_THEIRS, 1, "glibc", "over_used_median", NULL},
                  {WANT_AT_MOST, 1000, NULL, "trim_worst_us", NULL}},
    },
    {
        .name = "big-among-small",
        .summary = "a pool of 100 MB among small ones ends: seconds until RSS "
                   "is back (3: not by then)",
        .together = true,
        .columns = {{"pieces_seconds", "pieces: s"},
                    {"pieces_left_mb", "MB after 1 s"},
                    {"single_seconds", "single: s"},
                    {"single_left_mb", "MB after 1 s"}},
        .wants = {{WANT_AT_MOST, 1, NULL, "pieces_seconds", NULL},
                  {WANT_AT_MOST, 1, NULL, "single_seconds", NULL}},
    },
    {
        .name = "trim-latency",
        .summary = "the longest of many calls of pond_trim(100), in CPU time",
        .columns = {{"worst_us", "worst us"},
                    {"mean_us", "mean us"},
                    {"calls", "calls"},
                    {"returned_mb", "MB given back"}},
        .wants = {{WANT_AT_MOST, 1000, NULL, "worst_us", NULL}},
    },
    {
        .name = "aged",
        .summary = "long-lived and short-lived pools interleaved for 10 "
                   "million operations, then 90% end",
        .columns = {{"live_mb", "live MB"},
                    {"over_live", "RSS/live"},
                    {"over_reserved", "RSS/reserved"},
                    {"speed_request", "time request"},
                    {"speed_operation", "time mix"},
                    {"left_live_mb", "10%: live MB"},
                    {"kept_mb", "RSS MB"},
                    {"released_mb", "released"}},
        .wants = {{WANT_AT_MOST, 1.6, NULL, "over_live", NULL},
                  {WANT_AT_MOST, 1.1, NULL, "speed_request", NULL},
                  {WANT_AT_MOST, 1.1, NULL, "speed_operation", NULL},
                  {WANT_AT_MOST_THEIRS, 0.5, "glibc", "released_mb",
                   "kept_mb"}},
    },
};

const size_t catalogue_length = sizeof(catalogue) / sizeof(catalogue[0]);

const struct workload *workload_find(const char *name)
{
    for (size_t i = 0; i < catalogue_length; i++)
        if (strcmp(catalogue[i].name, name) == 0)
            return &catalogue[i];
    return NULL;
}
