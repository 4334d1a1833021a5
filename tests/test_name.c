/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_name.c - what pond_create and pond_create_with are given: parents,
 * names and options.
 */
#include "support.h"

static void parents(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "root");
    pond *child = test_pond(root, "child");
    pond *grandchild = test_pond(child, "grandchild");
    assert_null(pond_parent(root));
    assert_ptr_equal(pond_parent(child), root);
    assert_ptr_equal(pond_parent(grandchild), child);
    pond_destroy(root);
}

static void names_are_copied(void **state)
{
    (void)state;
    char buffer[32];
    pond *all[4];
    static const char *const names[] = {"alpha", "beta", "alphabet", "alpha"};
    for (size_t i = 0; i < 4; i++) {
        /* the same address, other contents: an address proves nothing */
        strcpy(buffer, names[i]);
        all[i] = test_pond(NULL, buffer);
        assert_string_equal(pond_name(all[i]), names[i]);
        memset(buffer, 'x', sizeof buffer - 1);
        assert_string_equal(pond_name(all[i]), names[i]);
    }
    const char *kept = pond_name(all[1]);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(pond_name(all[i]), names[i]);
        pond_destroy(all[i]);
    }
    assert_string_equal(kept, "beta");
}

/* One byte changed each time, at the same address, warm and cold. */
static void one_address_many_names(void **state)
{
    (void)state;
    char buffer[] = "class-a";
    for (int i = 0; i < 2000; i++) {
        buffer[6] = (char)('a' + i * 7 % 20);
        pond *p = test_pond(NULL, buffer);
        assert_string_equal(pond_name(p), buffer);
        pond *child = test_pond(p, buffer);
        assert_string_equal(pond_name(child), buffer);
        pond_destroy(p);
    }
}

static void no_name_is_pond(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, NULL);
    assert_string_equal(pond_name(p), "pond");
    pond *child = test_pond(p, NULL);
    assert_string_equal(pond_name(child), "pond");
    pond *empty = test_pond(p, "");
    assert_non_null(pond_name(empty));
    pond_destroy(p);
}

static void long_names_are_cut(void **state)
{
    (void)state;
    char name[200];
    memset(name, 'n', sizeof name);
    for (size_t length = 60; length < 199; length++) {
        name[length] = 0;
        pond *p = test_pond(NULL, name);
        size_t expected = length < 63 ? length : 63;
        assert_int_equal(strlen(pond_name(p)), expected);
        assert_memory_equal(pond_name(p), name, expected);
        pond_destroy(p);
        name[length] = 'n';
    }
    char other[70];
    memset(other, 'n', 63);
    strcpy(other + 63, "abc");
    pond *a = test_pond(NULL, other);
    other[63] = 'z';
    pond *b = test_pond(NULL, other);
    assert_string_equal(pond_name(a), pond_name(b));
    pond_destroy(a);
    pond_destroy(b);
}

static size_t rows_named(const char *name, pond_class_usage *found)
{
    pond_class_usage rows[400];
    size_t n = pond_class_usage_get(rows, COUNT(rows));
    CHECK(n <= COUNT(rows));
    size_t times = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            times++;
            *found = rows[i];
        }
    }
    return times;
}

/* In a child process, since names last as long as the process. */
static void name_more_than_256(void *unused)
{
    (void)unused;
    enum { all = 400 };
    pond *ponds[all];
    size_t own = 0;
    for (size_t i = 0; i < all; i++) {
        char name[32];
        snprintf(name, sizeof name, "name-%zu", i);
        ponds[i] = test_pond(NULL, name);
        if (strcmp(pond_name(ponds[i]), name) == 0) {
            CHECK(own == i); /* once full, full */
            own++;
        } else {
            CHECK(strcmp(pond_name(ponds[i]), "other") == 0);
        }
    }
    CHECK(own >= 200 && own <= 256);
    CHECK(pond_process_usage_get().n_classes <= 257);
    pond_class_usage row;
    CHECK(rows_named("other", &row) == 1);
    CHECK(row.n_ponds == all - own);
    CHECK(rows_named("name-7", &row) == 1 && row.n_ponds == 1);
    /* those seen before are still known, those seen as other stay so */
    pond *old = test_pond(NULL, "name-3");
    pond *late = test_pond(ponds[0], "name-399");
    CHECK(strcmp(pond_name(old), "name-3") == 0);
    CHECK(strcmp(pond_name(late), "other") == 0);
    pond_destroy(old);
    for (size_t i = 0; i < all; i++)
        pond_destroy(ponds[i]);
    CHECK(rows_named("other", &row) == 0 || row.n_ponds == 0);
}

static void many_names_become_other(void **state)
{
    (void)state;
    assert_int_equal(test_in_child(name_more_than_256, NULL), 0);
}

static void same_name_same_class(void **state)
{
    (void)state;
    char one[] = "shared-class";
    char two[] = "shared-class";
    pond *a = test_pond(NULL, one);
    pond *b = test_pond(a, two);
    pond *c = test_pond(b, "shared-class");
    pond_class_usage row;
    assert_int_equal(rows_named("shared-class", &row), 1);
    assert_int_equal(row.n_ponds, 3);
    pond_destroy(c);
    pond_destroy(b);
    assert_int_equal(rows_named("shared-class", &row), 1);
    assert_int_equal(row.n_ponds, 1);
    pond_destroy(a);
}

/* --------------------------------------------------------------- options */

static void options_are_checked(void **state)
{
    (void)state;
    pond *root = test_pond(NULL, "root");
    pond_options good = {.size = sizeof good};
    pond *p = pond_create_with(root, "options", &good);
    assert_non_null(p);
    assert_string_equal(pond_name(p), "options");
    assert_ptr_equal(pond_parent(p), root);
    p = pond_create_with(NULL, "options", NULL);
    assert_non_null(p);
    assert_null(pond_parent(p));
    pond_destroy(p);
    pond_options no_size = {.first_block_bytes = 1024};
    assert_null(pond_create_with(root, "options", &no_size));
    static const size_t bad[] = {1, 16, 511, 65537, 131072, SIZE_MAX};
    for (size_t i = 0; i < COUNT(bad); i++) {
        pond_options o = {.size = sizeof o, .first_block_bytes = bad[i]};
        assert_null(pond_create_with(root, "options", &o));
        assert_null(pond_create_with(NULL, "options", &o));
    }
    assert_int_equal(pond_usage_get(root).n_children, 1);
    pond_destroy(root);
}

static void first_block_is_as_asked(void **state)
{
    (void)state;
    test_needs_region();
    for (size_t asked = 512; asked <= 65536; asked += asked / 3 + 1) {
        size_t expected = 512;
        while (expected < asked)
            expected *= 2;
        pond *p = test_pond_sized(NULL, "sized", asked);
        pond_usage u = pond_usage_get(p);
        assert_int_equal(u.reserved_bytes, expected);
        assert_int_equal(u.n_blocks, 1);
        /* also after others of the class ended fat */
        assert_non_null(pond_alloc(p, test_hide(60000)));
        pond_destroy(p);
    }
}

/* Ponds that end fat teach their class; a fixed size is not taught. */
static void first_block_is_learned(void **state)
{
    (void)state;
    test_needs_region();
    size_t first = 0;
    for (int i = 0; i < 200; i++) {
        pond *p = test_pond(NULL, "learned");
        first = pond_usage_get(p).reserved_bytes;
        for (int k = 0; k < 20; k++)
            memset(pond_alloc(p, 500), 1, 500);
        pond_destroy(p);
    }
    assert_true(first >= 8192);
    pond *fixed = test_pond_sized(NULL, "learned", 512);
    assert_int_equal(pond_usage_get(fixed).reserved_bytes, 512);
    pond_destroy(fixed);
    for (int i = 0; i < 2000; i++) {
        pond *p = test_pond(NULL, "learned");
        first = pond_usage_get(p).reserved_bytes;
        memset(pond_alloc(p, 16), 1, 16);
        pond_destroy(p);
    }
    assert_int_equal(first, 512);
}

static const char secret[] = "the secret of this test, sixty-four bytes long,"
                             " no more, no less";

static void write_secrets(pond *p, size_t size)
{
    char *at = pond_alloc(p, size);
    assert_non_null(at);
    for (size_t i = 0; i + sizeof secret <= size; i += sizeof secret)
        memcpy(at + i, secret, sizeof secret);
}

/* How many remains of the secret are found in newly carved memory. */
static size_t find_secrets(size_t size)
{
    size_t found = 0;
    pond *ponds[64];
    for (size_t k = 0; k < COUNT(ponds); k++) {
        ponds[k] = test_pond(NULL, "secret"); /* may be given the same */
        char *at = pond_alloc(ponds[k], size);
        assert_non_null(at);
        for (size_t i = 0; i + 16 <= size; i++)
            if (at[i] == 't' && memcmp(at + i, "the secret of th", 16) == 0)
                found++;
    }
    for (size_t k = 0; k < COUNT(ponds); k++)
        pond_destroy(ponds[k]);
    return found;
}

static void write_and_give_back(size_t size, bool clear, int how)
{
    pond_options o = {.size = sizeof o, .clear_on_end = clear};
    pond *p = pond_create_with(NULL, "secret", &o);
    assert_non_null(p);
    pond_mark mark = pond_mark_take(p);
    for (int i = 0; i < 5; i++)
        write_secrets(p, size);
    if (how == 1)
        pond_reset(p);
    else if (how == 2)
        assert_int_equal(pond_rewind(p, mark), 0);
    else if (how == 3) {
        char *at = pond_alloc(p, size);
        assert_non_null(at);
        memcpy(at, secret, sizeof secret);
        assert_non_null(pond_realloc(p, at, size, 2 * size));
    }
    if (how == 0 || how == 3)
        pond_destroy(p);
    size_t found = find_secrets(size);
    if (clear)
        assert_int_equal(found, 0);
    else if (how == 0 && size <= 5000)
        assert_true(found > 0); /* the search does find them */
    if (how == 1 || how == 2)
        pond_destroy(p);
}

static void clear_on_end_leaves_nothing(void **state)
{
    (void)state;
    test_needs_region();
    static const size_t sizes[] = {200, 5000, 40000, 500000, 4 * 1024 * 1024};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int how = 0; how < 4; how++) {
            write_and_give_back(sizes[i], true, how);
        }
    }
    write_and_give_back(200, false, 0);
    write_and_give_back(5000, false, 0);
}

static void huge_pages_change_nothing_else(void **state)
{
    (void)state;
    pond_options o = {.size = sizeof o, .huge_pages = true};
    pond *p = pond_create_with(NULL, "huge", &o);
    assert_non_null(p);
    for (size_t size = 1; size < 8 * MIB; size = size * 3 + 1) {
        char *at = pond_alloc(p, size);
        assert_non_null(at);
        test_fill(at, size, size);
        assert_true(test_holds(at, size, size));
    }
    pond_destroy(p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(parents),
        TEST(names_are_copied),
        TEST(one_address_many_names),
        TEST(no_name_is_pond),
        TEST(long_names_are_cut),
        TEST(same_name_same_class),
        TEST(many_names_become_other),
        TEST(options_are_checked),
        TEST(first_block_is_as_asked),
        TEST(first_block_is_learned),
        TEST(clear_on_end_leaves_nothing),
        TEST(huge_pages_change_nothing_else),
    };
    return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
