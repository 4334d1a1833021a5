/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_adapters.c - a heap as the malloc of others: Lua, zlib and nghttp2 do
 * real work in one (adapters/LIBRARY.c says what), ask nothing of malloc, and
 * leave nothing behind; where a limit or a refusal stops them they say so in
 * their own words, and the pond goes on.
 */
#include "adapters/adapter.h"

#include <limits.h>

static const struct library {
    const char *name;
    enum outcome (*work)(struct adapter *a, size_t percent, enum ending);
    size_t too_little; /* a limit that it cannot work under */
} libraries[] = {
    {"Lua", lua_work, 40 * KIB},
    {"zlib", zlib_work, 100 * KIB},
    {"nghttp2", nghttp2_work, 40 * KIB},
};

/* A connection: a pond, and in it the heap of an adapter. */
static pond *open_connection(struct adapter *a)
{
    pond *connection = test_pond(NULL, "connection");
    *a = (struct adapter){.heap = pond_heap_create(connection)};
    CHECK(a->heap);
    return connection;
}

static size_t in_use(void)
{
    pond_trim(UINT_MAX);
    return pond_process_usage_get().in_use_bytes;
}

/* Whether a heap still does what it should, after a limit or without any. */
static void is_usable(pond *p, pond_heap *h)
{
    char *object = pond_heap_alloc(h, 30);
    assert_non_null(object);
    pond_limit(p, 0);
    object = pond_heap_realloc(h, object, 1000);
    assert_non_null(object);
    test_fill(object, 1000, 3);
    object = pond_heap_realloc(h, object, 3000);
    assert_non_null(object);
    assert_true(test_holds(object, 1000, 3));
    pond_heap_free(h, object);
    assert_non_null(pond_alloc(p, 100));
}

static void counting_counts(void **state)
{
    (void)state;
    if (!malloc_counted()) {
        print_message("skipped: malloc is somebody else's here\n");
        skip();
    }
    size_t before = malloc_calls();
    char *copy = strdup("the C library's own calls count, too");
    assert_non_null(copy);
    free(copy);
    assert_int_equal(malloc_calls(), before + 2);
}

static void work_without_malloc(void **state)
{
    const struct library *l = *state;
    struct adapter a;
    size_t before = in_use(), calls = malloc_calls();
    pond *connection = open_connection(&a);
    enum outcome outcome = l->work(&a, test_scaled(100), CLOSE);
    calls = malloc_calls() - calls;
    assert_int_equal(outcome, DONE);
    assert_int_equal(a.live, 0);
    assert_true(a.asked > 0);
    is_usable(connection, a.heap);
    pond_destroy(connection);
    if (malloc_counted())
        assert_int_equal(calls, 0);
    assert_int_equal(in_use(), before);
}

/* The connection breaks off: what the library had goes with its pond. */
static void left_open(void **state)
{
    const struct library *l = *state;
    struct adapter a;
    size_t before = in_use();
    pond *connection = open_connection(&a);
    assert_int_equal(l->work(&a, test_scaled(100), LEAVE_OPEN), DONE);
    assert_true(a.live > 0);
    pond_destroy(connection);
    assert_int_equal(in_use(), before);
}

/* All three at once in one heap, as in a connection. */
static void side_by_side(void **state)
{
    (void)state;
    struct adapter a;
    size_t before = in_use(), calls = malloc_calls();
    pond *connection = open_connection(&a);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < COUNT(libraries); i++) {
            size_t percent = test_scaled(20);
            assert_int_equal(libraries[i].work(&a, percent, LEAVE_OPEN), DONE);
            assert_int_equal(libraries[i].work(&a, percent, CLOSE), DONE);
        }
    calls = malloc_calls() - calls;
    is_usable(connection, a.heap);
    pond_destroy(connection);
    if (malloc_counted())
        assert_int_equal(calls, 0);
    assert_int_equal(in_use(), before);
}

/* From nothing at all to enough, in small steps. */
static void under_a_limit(void **state)
{
    const struct library *l = *state;
    size_t before = in_use(), stopped = 0, limit = 4 * KIB;
    enum outcome outcome = OUT_OF_MEMORY;
    for (; outcome == OUT_OF_MEMORY; limit += limit / 8) {
        struct adapter a;
        pond *connection = open_connection(&a);
        pond_limit(connection, limit);
        outcome = l->work(&a, 10, CLOSE);
        assert_int_equal(a.live, 0);
        assert_true(outcome == DONE || pond_failed(connection));
        assert_true(outcome == DONE || a.refused > 0);
        assert_true(pond_usage_get(connection).charged_bytes <= limit);
        stopped += outcome == OUT_OF_MEMORY;
        is_usable(connection, a.heap);
        pond_destroy(connection);
        assert_true(limit < 64 * MIB);
    }
    print_message("%s: %zu limits were too low\n", l->name, stopped);
    assert_true(stopped > 0 && limit > l->too_little);
    assert_int_equal(in_use(), before);
}

/* After a limit has stopped it, the same heap serves it with more room. */
static void more_room_then(void **state)
{
    const struct library *l = *state;
    struct adapter a;
    size_t before = in_use();
    pond *connection = open_connection(&a);
    pond_limit(connection, l->too_little);
    assert_int_equal(l->work(&a, 10, CLOSE), OUT_OF_MEMORY);
    assert_true(pond_failed(connection));
    is_usable(connection, a.heap);
    pond_limit(connection, 16 * MIB);
    assert_int_equal(l->work(&a, 10, CLOSE), DONE);
    assert_int_equal(a.live, 0);
    pond_destroy(connection);
    assert_int_equal(in_use(), before);
}

/* Each request in turn is refused, alone or with all that come after it. */
static void refusals(const struct library *l, bool for_ever, enum ending ending)
{
    size_t before = in_use(), step = 100 / test_scaled(100), n = 1;
    size_t runs = 0, stopped = 0;
    for (bool refused = true; refused; n += step) {
        struct adapter a;
        pond *connection = open_connection(&a);
        a.refuse_at = n;
        a.for_ever = for_ever;
        enum outcome outcome = l->work(&a, 1, ending);
        refused = a.refused > 0;
        runs += refused;
        assert_true(refused || outcome == DONE);
        stopped += outcome == OUT_OF_MEMORY;
        if (ending == CLOSE)
            assert_int_equal(a.live, 0);
        is_usable(connection, a.heap);
        pond_destroy(connection);
    }
    print_message("%s: refused in %zu runs, stopped by it in %zu\n", l->name,
                  runs, stopped);
    assert_true(runs > 0 && (stopped > 0 || !for_ever));
    assert_int_equal(in_use(), before);
}

static void each_request_refused(void **state)
{
    for (int way = 0; way < 4; way++)
        refusals(*state, way & 1, way & 2 ? CLOSE : LEAVE_OPEN);
}

static int begin(void **state)
{
    (void)state;
    nghttp2_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    nghttp2_end();
    return 0;
}

#define FOR_EACH(fn)                                                           \
    {#fn "_lua", fn, NULL, test_no_ponds_left, (void *)&libraries[0]},         \
        {#fn "_zlib", fn, NULL, test_no_ponds_left, (void *)&libraries[1]},    \
    {                                                                          \
#fn "_nghttp2", fn, NULL, test_no_ponds_left, (void *)&libraries[2]    \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting_counts),
        FOR_EACH(work_without_malloc),
        FOR_EACH(left_open),
        cmocka_unit_test_teardown(side_by_side, test_no_ponds_left),
        FOR_EACH(under_a_limit),
        FOR_EACH(more_room_then),
        FOR_EACH(each_request_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
