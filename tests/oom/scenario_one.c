/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario_one.c - work within one pond: every allocator, cleanups, marks.
 */
#include "scenario.h"

#include <errno.h>

static pond *begin(void)
{
    return due(pond_create(NULL, "oom"));
}

static void create(void)
{
    pond *root = begin();
    for (int i = 0; root && i < 200; i++) {
        pond *child = due_in(root, pond_create(root, "oom child"));
        pond *grandchild =
            child ? due_in(child, pond_create(child, "oom grandchild")) : NULL;
        CHECK(!child || pond_parent(child) == root);
        CHECK(!grandchild || pond_parent(grandchild) == child);
    }
    pond_destroy(root);
}

static void create_with(void)
{
    for (size_t first = 512; first <= 65536; first *= 2) {
        pond_options o = {.size = sizeof o,
                          .first_block_bytes = first,
                          .clear_on_end = first % 3 == 0,
                          .huge_pages = true};
        pond *p = due(pond_create_with(NULL, "oom options", &o));
        if (!p)
            continue;
        pond *child = due_in(p, pond_create_with(p, "oom options", &o));
        char *at = due_in(p, pond_alloc(p, test_hide(200000)));
        if (at)
            memset(at, 1, 200000);
        pond_destroy(child);
        pond_destroy(p);
    }
}

/* Objects of a size; those that were given keep their contents, and what was
 * refused can be had later or not, but changes nothing. */
static void hold(pond *p, size_t size, size_t count)
{
    static char *objects[3000];
    CHECK(count <= COUNT(objects));
    for (size_t i = 0; i < count; i++) {
        pond_usage before = pond_usage_get(p);
        objects[i] = due_in(p, pond_alloc(p, size));
        if (objects[i])
            test_fill(objects[i], size, i);
        else
            CHECK(test_same_usage(before, pond_usage_get(p)));
    }
    for (size_t i = 0; i < count; i++)
        CHECK(!objects[i] || test_holds(objects[i], size, i));
}

static void small_objects(void)
{
    pond *p = begin();
    if (!p)
        return;
    hold(p, 1000, 3000);
    hold(p, 16, 100);
    pond_destroy(p);
}

static void medium_objects(void)
{
    pond *p = begin();
    if (!p)
        return;
    for (size_t size = 5000; size < MIB; size = size * 2 + 100)
        hold(p, size, 6);
    pond_reset(p);
    CHECK(!pond_failed(p));
    hold(p, 60000, 20);
    pond_destroy(p);
}

static void large_objects(void)
{
    pond *p = begin();
    if (!p)
        return;
    hold(p, 3 * MIB, 3);
    hold(p, 2 * MIB, 2);
    hold(p, 65 * MIB / 8, 1);
    pond_reset(p);
    hold(p, 3 * MIB, 2);
    pond_destroy(p);
}

static void zeroed(void)
{
    pond *p = begin();
    if (!p)
        return;
    for (size_t size = 100; size < 8 * MIB; size *= 3) {
        char *at = due_in(p, pond_calloc(p, 1, size));
        CHECK(!at || test_is_zero(at, size));
        if (at)
            memset(at, 0xff, size);
    }
    pond_destroy(p);
}

static void aligned(void)
{
    pond *p = begin();
    if (!p)
        return;
    for (size_t alignment = 1; alignment <= MIB; alignment *= 2) {
        for (size_t size = 10; size < 3 * MIB; size = size * 40 + 1) {
            char *at = due_in(p, pond_alloc_aligned(p, size, alignment));
            CHECK(test_aligned(at, alignment));
            if (at)
                at[0] = at[size - 1] = 1;
        }
    }
    pond_destroy(p);
}

/* Grown step by step; a refusal leaves the old one. */
static void grow(pond *p, size_t from, size_t to, size_t step)
{
    char *at = due_in(p, pond_alloc(p, from));
    if (!at)
        return;
    test_fill(at, from, 1);
    for (size_t size = from; size < to;) {
        size_t next = step ? size + step : size * 2;
        char *grown = due_in(p, pond_realloc(p, at, size, next));
        CHECK(test_holds(grown ? grown : at, size / 8 * 8, 1));
        if (!grown)
            break;
        at = grown;
        size = next;
        test_fill(at, size, 1);
    }
}

static void reallocated(void)
{
    pond *p = begin();
    if (!p)
        return;
    grow(p, 8, 16 * MIB, 0);
    grow(p, 3 * MIB, 8 * MIB, 500000);
    grow(p, 100, 40000, 1000);
    char *at = due_in(p, pond_alloc(p, test_hide(5 * MIB)));
    if (at) {
        test_fill(at, 5 * MIB, 2);
        char *less = due_in(p, pond_realloc(p, at, 5 * MIB, 1000));
        CHECK(test_holds(less ? less : at, 1000, 2));
    }
    pond_destroy(p);
}

static void text(void)
{
    enum { length = 5 * 512 * 1024 };
    static char words[length + 1];
    memset(words, 'w', length);
    words[length] = 0;
    pond *p = begin();
    if (p) {
        char *a = due_in(p, pond_strdup(p, words));
        char *b = due_in(p, pond_strndup(p, words, length / 2));
        char *c = due_in(p, pond_memdup(p, words, length));
        char *d = due_in(p, pond_printf(p, "%s!", words));
        CHECK(!a || strcmp(a, words) == 0);
        CHECK(!b || strlen(b) == length / 2);
        CHECK(!c || memcmp(c, words, length) == 0);
        CHECK(!d || (strlen(d) == length + 1 && d[length] == '!'));
        for (int i = 0; i < 1500; i++) {
            char *e = due_in(p, pond_printf(p, "%d %.*s", i, i, words));
            CHECK(!e || atoi(e) == i);
        }
        pond_destroy(p);
    }
}

static size_t ran;

static void count(void *arg)
{
    (void)arg;
    ran++;
}

static void deferred(void)
{
    enum { n = 6000 };
    pond *p = begin();
    if (!p)
        return;
    static pond_cleanup *handles[n];
    size_t registered = 0;
    ran = 0;
    for (size_t i = 0; i < n; i++) {
        pond_usage before = pond_usage_get(p);
        handles[i] = due_in(p, pond_defer(p, count, NULL));
        registered += handles[i] != NULL;
        if (!handles[i])
            CHECK(test_same_usage(before, pond_usage_get(p)));
    }
    CHECK(pond_usage_get(p).n_cleanups == registered);
    for (size_t i = 0; i < n; i += 3) {
        registered -= handles[i] != NULL;
        pond_cleanup_cancel(handles[i]);
    }
    CHECK(ran == 0);
    pond_destroy(p);
    CHECK(ran == registered);
}

/* A mark that could not be taken is refused; one that was, never. */
static void marked(void)
{
    pond *p = begin();
    if (!p)
        return;
    for (size_t size = 64; size < 4 * MIB; size *= 4) {
        char *old = due_in(p, pond_alloc(p, size));
        if (old)
            test_fill(old, size, 1);
        pond_mark mark = pond_mark_take(p);
        bool none = mark.life == 0;
        CHECK(!none || refusal_is_due());
        pond *child = due_in(p, pond_create(p, "oom child"));
        pond_cleanup *c = due_in(p, pond_defer(p, count, NULL));
        char *young = due_in(p, pond_alloc(p, 2 * size));
        if (young)
            memset(young, 2, 2 * size);
        pond_usage before = pond_usage_get(p);
        ran = 0;
        int result = pond_rewind(p, mark);
        CHECK(result == (none ? -EINVAL : 0));
        CHECK(ran == (!none && c));
        CHECK(!none || test_same_usage(before, pond_usage_get(p)));
        CHECK(none || pond_usage_get(p).n_children <= before.n_children);
        CHECK(!old || test_holds(old, size, 1));
        (void)child;
    }
    pond_destroy(p);
}

static void many_marks(void)
{
    enum { n = 4000 };
    pond *p = begin();
    if (!p)
        return;
    static pond_mark marks[n];
    size_t used[n];
    for (size_t i = 0; i < n; i++) {
        marks[i] = pond_mark_take(p);
        used[i] = pond_usage_get(p).used_bytes;
        CHECK(marks[i].life != 0 || refusal_is_due());
        (void)due_in(p, pond_alloc(p, test_hide(300)));
    }
    for (size_t i = n; i-- > 0;) {
        if (i % 7)
            continue;
        int result = pond_rewind(p, marks[i]);
        CHECK(result == (marks[i].life ? 0 : -EINVAL));
        if (result == 0 && test_region_engine())
            CHECK(pond_usage_get(p).used_bytes == used[i]);
    }
    pond_destroy(p);
}

const struct scenario scenarios[] = {
    {"create", create},       {"create_with", create_with},
    {"small", small_objects}, {"medium", medium_objects},
    {"large", large_objects}, {"calloc", zeroed},
    {"aligned", aligned},     {"realloc", reallocated},
    {"text", text},           {"defer", deferred},
    {"mark", marked},         {"many marks", many_marks},
};
const size_t n_scenarios = COUNT(scenarios);
