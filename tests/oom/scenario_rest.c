/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario_rest.c - what no other scenario calls, so that each public function
 * is in one (scripts/check-symbols sees to that).
 */
#include "scenario.h"

#include <pond/heap.h>

static char *format(pond *p, const char *how, ...)
    __attribute__((format(printf, 2, 3)));

static char *format(pond *p, const char *how, ...)
{
    va_list args;
    va_start(args, how);
    char *text = due_in(p, pond_vprintf(p, how, args));
    va_end(args);
    return text;
}

static size_t ran;

static void count(void *arg)
{
    (void)arg;
    ran++;
}

/* Run early, once each; what could not be registered does not run. */
static void run_early(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    size_t registered = 0;
    ran = 0;
    for (int i = 0; p && i < 3000; i++) {
        pond_cleanup *c = due_in(p, pond_defer(p, count, NULL));
        registered += c != NULL;
        if (i % 3)
            pond_cleanup_run(c);
        char *text = format(p, "%0*d", i, i);
        CHECK(!text || atoi(text) == i);
    }
    pond_destroy(p);
    CHECK(ran == registered);
}

static void sized(void)
{
    pond *p = due(pond_create(NULL, "oom"));
    pond_heap *h = p ? due_in(p, pond_heap_create(p)) : NULL;
    for (size_t size = 1; h && size < 5 * MIB; size = size * 5 / 2 + 1) {
        char *at = due_in(p, pond_heap_alloc(h, size));
        if (at) {
            CHECK(pond_heap_usable_size(h, at) >= size);
            memset(at, 1, size);
            pond_heap_free_sized(h, at, size);
        }
    }
    pond_destroy(p);
}

static void nobody(const char *line, void *arg)
{
    (void)line;
    (void)arg;
}

/* These need no memory. */
static void told(void)
{
    CHECK(pond_version()[0]);
    pond_on_misuse(nobody, NULL);
    pond_destroy(due(pond_create(NULL, "oom")));
    pond_on_misuse(NULL, NULL);
}

const struct scenario scenarios_rest[] = {
    {"run early", run_early},
    {"sizes", sized},
    {"told", told},
};
const size_t n_scenarios_rest = COUNT(scenarios_rest);
