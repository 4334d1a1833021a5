/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue.c - the table of workloads. What each does is in workloads/NAME.h;
 * here is how it is counted and what the project wants of it. A bound is a
 * goal that the report prints beside what was measured, met or not.
 */
#include "catalogue.h"

#include <string.h>

#define MALLOCS "glibc,jemalloc,mimalloc,tcmalloc"

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
    {
        .name = "fixed-shuffled",
        .summary = "1024 objects of 64 B allocated, then freed in a random "
                   "order",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_WITHIN, 1.1, "boost", NULL, NULL}},
    },
    {
        .name = "fixed-replaced",
        .summary = "64 Ki objects of 64 B live, a random one replaced",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_WITHIN, 1.25, "boost", NULL, NULL}},
    },
    {
        .name = "fixed-million",
        .summary = "a million objects allocated and freed: what is left",
        .columns = {{"blocks_left", "blocks"}, {"pond_kib", "pond KiB"}},
        .wants = {{WANT_AT_MOST, 1, NULL, "blocks_left", NULL}},
    },
    {
        .name = "slab-shuffled",
        .summary = "as fixed-shuffled, by objects that any thread may free",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_FASTER, 1.8, "tcmalloc", NULL, NULL}},
    },
    {
        .name = "slab-replaced",
        .summary = "as fixed-replaced, by objects that any thread may free",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_FASTER, 1.5, "tcmalloc", NULL, NULL}},
    },
    {
        .name = "slab-relay",
        .summary = "objects of 64 B allocated on one thread, freed on another",
        .unit = "pair",
        .per_repeat = 16,
        .n_threads = 2,
        .wants = {{WANT_FASTER, 1.5, "tcmalloc,mimalloc,jemalloc", NULL, NULL}},
    },
    {
        .name = "threads",
        .summary = "100,000 threads that come and go: how RSS grows",
        .columns = {{"grown_kib", "grown KiB"},
                    {"rss_mb", "RSS MB"},
                    {"us", "us each"}},
        .wants = {{WANT_AT_MOST, 256, NULL, "grown_kib", NULL}},
    },
    {
        .name = "heap-replaced",
        .summary = "64 Ki objects of 64 B live in a heap, a random one "
                   "replaced",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_FASTER, 1.7, MALLOCS, NULL, NULL}},
    },
    {
        .name = "heap-mixed",
        .summary = "the same with sizes of 16 B to 4 KiB",
        .unit = "pair",
        .per_repeat = 1024,
        .wants = {{WANT_FASTER, 1.5, MALLOCS, NULL, NULL}},
    },
    {
        .name = "heap-request",
        .summary = "create a heap, 40 objects of 16 B to 4 KiB, the start "
                   "touched, destroy",
        .unit = "request",
        .per_repeat = 1,
        .wants = {{WANT_FASTER, 30, "mimalloc-heap", NULL, NULL}},
    },
    {
        .name = "heap-shifting",
        .summary = "64 Ki objects, 10 million replaced, other sizes with each "
                   "million",
        .columns = {{"live_mb", "live MB"},
                    {"over_live_end", "RSS/live"},
                    {"over_live_worst", "worst"},
                    {"over_live_idle", "2 s later"},
                    {"ns", "ns each"}},
        .wants = {{WANT_AT_MOST, 1.35, NULL, "over_live_end", NULL},
                  {WANT_AT_MOST_THEIRS, 1, "tcmalloc", "over_live_end", NULL}},
    },
    {
        .name = "heap-bands",
        .summary = "the same when larger and smaller sizes take turns, small "
                   "ones last",
        .columns = {{"live_mb", "live MB"},
                    {"over_live_end", "RSS/live"},
                    {"over_live_worst", "worst"},
                    {"over_live_idle", "2 s later"},
                    {"ns", "ns each"}},
        .wants = {{WANT_AT_MOST_THEIRS, 1, "tcmalloc", "over_live_end", NULL}},
    },
    {
        .name = "heap-left-random",
        .summary = "64 Ki objects of 16 B to 4 KiB, 95% freed at random",
        .columns = {{"live_mb", "live MB"},
                    {"kept_mb", "RSS MB"},
                    {"released_mb", "released"},
                    {"over_live", "over live"}},
        .wants = {{WANT_AT_MOST_THEIRS, 1.25, "tcmalloc", "released_mb", NULL}},
    },
    {
        .name = "heap-left-ordered",
        .summary = "the same, the first 95% freed in order",
        .columns = {{"live_mb", "live MB"},
                    {"kept_mb", "RSS MB"},
                    {"released_mb", "released"},
                    {"over_live", "-1 MiB/live"}},
        .wants = {{WANT_AT_MOST, 2, NULL, "over_live", NULL}},
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
