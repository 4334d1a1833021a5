/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_text.c - copies and formatted text: pond_memdup, pond_strdup,
 * pond_strndup, pond_printf, pond_vprintf.
 */
#include "support.h"

#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

/* length letters and a zero; a buffer of malloc */
static char *letters(size_t length, size_t first)
{
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + (first + i) % 26);
    text[length] = 0;
    return text;
}

static void copies(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "copies");
    for (size_t length = 0; length < 3 * MIB; length = length * 5 / 3 + 1) {
        char *text = letters(length, length);
        char *a = pond_strdup(p, text);
        char *b = pond_strndup(p, text, length);
        char *c = pond_strndup(p, text, SIZE_MAX);
        char *d = pond_memdup(p, text, length);
        char *e = pond_strndup(p, text, length / 2);
        assert_true(a && b && c && d && e);
        assert_string_equal(a, text);
        assert_string_equal(b, text);
        assert_string_equal(c, text);
        assert_memory_equal(d, text, length);
        assert_int_equal(strlen(e), length / 2);
        assert_memory_equal(e, text, length / 2);
        assert_true(a != text && d != text);
        free(text);
    }
    pond_destroy(p);
}

static void empty_copies_are_their_own(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "copies");
    char *empty[] = {pond_strdup(p, ""), pond_strndup(p, "abc", 0),
                     pond_strndup(p, "", 10), pond_printf(p, "%s", ""),
                     pond_strdup(p, "")};
    for (size_t i = 0; i < COUNT(empty); i++) {
        assert_non_null(empty[i]);
        assert_string_equal(empty[i], "");
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(empty[i], empty[k]);
    }
    pond_destroy(p);
}

/* Text without a terminating zero at the end of readable memory. */
static void strndup_reads_no_further_than_max(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    memset(pages, 'x', page);
    pond *p = test_pond(NULL, "copies");
    for (size_t n = 0; n < 100; n++) {
        char *copy = pond_strndup(p, pages + page - n, n);
        assert_non_null(copy);
        assert_int_equal(strlen(copy), n);
        char *same = pond_memdup(p, pages + page - n, n);
        assert_non_null(same);
        assert_memory_equal(same, pages, n);
        char *printed = pond_printf(p, "%.*s", (int)n, pages + page - n);
        assert_non_null(printed);
        assert_string_equal(printed, copy);
    }
    pond_destroy(p);
    munmap(pages, 2 * page);
}

static void printed_lengths(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "printed");
    for (size_t length = 0; length < 5 * MIB; length = length * 2 + 1) {
        char *text = letters(length, 0);
        char *a = pond_printf(p, "%s", text);
        char *b = pond_printf(p, "%d<%s>%d", 12, text, 345);
        assert_true(a && b);
        assert_true(test_aligned(a, 16) && test_aligned(b, 16));
        assert_string_equal(a, text);
        assert_int_equal(strlen(b), length + 7);
        assert_memory_equal(b, "12<", 3);
        assert_memory_equal(b + 3, text, length);
        assert_string_equal(b + 3 + length, ">345");
        free(text);
    }
    pond_destroy(p);
}

/* Every length around every amount of room left in the block. */
static void printed_across_block_ends(void **state)
{
    (void)state;
    char *text = letters(200, 3);
    for (size_t left = 0; left <= 96; left += 16) {
        for (int length = 0; length < 130; length++) {
            pond *p = test_pond_sized(NULL, "printed", 512);
            size_t room = (size_t)(p->end - p->cur);
            if (room > left)
                memset(pond_alloc(p, room - left), 1, room - left);
            char *a = pond_printf(p, "%.*s", length, text);
            assert_non_null(a);
            char *next = pond_alloc(p, test_hide(32));
            assert_non_null(next);
            memset(next, 0xff, 32);
            assert_int_equal(strlen(a), (size_t)length);
            assert_memory_equal(a, text, (size_t)length);
            char *b = pond_strndup(p, text, (size_t)length);
            memset(pond_alloc(p, 16), 0xff, 16);
            assert_string_equal(a, b);
            pond_destroy(p);
        }
    }
    free(text);
}

/* Below a limit the block's tail is charged, and usable, only when asked for:
 * what is measured first and what is then given are not the same room. */
static void printed_below_a_limit(void **state)
{
    (void)state;
    char *text = letters(600, 3);
    for (size_t first = 512; first <= 2048; first *= 2) {
        for (size_t used = 0; used < first; used += 48) {
            for (int length = 0; length < 600; length += 7) {
                pond *p = test_pond_sized(NULL, "printed", first);
                if (used % 96)
                    pond_limit(p, MIB);
                if (used > 0)
                    memset(pond_alloc(p, used), 'U', used);
                pond_limit(p, MIB);
                char *a = pond_printf(p, "%.*s", length, text);
                char *b = pond_printf(p, "<%.*s>", length, text);
                assert_true(a && b);
                memset(pond_alloc(p, 32), 'V', 32);
                assert_int_equal(strlen(a), (size_t)length);
                assert_memory_equal(a, text, (size_t)length);
                assert_int_equal(strlen(b), (size_t)length + 2);
                assert_memory_equal(b + 1, text, (size_t)length);
                pond_destroy(p);
            }
        }
    }
    free(text);
}

static void printed_from_its_own_pond(void **state)
{
    (void)state;
    pond *p = test_pond(NULL, "printed");
    char *text = pond_strdup(p, "a");
    for (size_t i = 1; i < 300; i++) {
        text = pond_printf(p, "%s%c", text, (int)('a' + i % 26));
        assert_non_null(text);
        assert_int_equal(strlen(text), i + 1);
    }
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(text[i], (char)('a' + i % 26));
    pond_destroy(p);
}

static char *print_twice(pond *p, char **second, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static char *print_twice(pond *p, char **second, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list copy;
    va_copy(copy, args);
    char *first = pond_vprintf(p, format, args);
    *second = pond_vprintf(p, format, copy);
    va_end(copy);
    va_end(args);
    return first;
}

/* More arguments than registers, of several kinds: the list must be walked
 * anew for each pass. */
static void printed_with_many_arguments(void **state)
{
    (void)state;
    char *text = letters(700, 1);
    for (int pass = 0; pass < 60; pass++) {
        pond *p = test_pond(NULL, "printed");
        char expected[1200];
        char *second;
        memset(pond_alloc(p, 16), 0, 16);
        char *first = print_twice(
            p, &second, "%d %s %f %ld %c %g %x %d %d %d %s %f %p %llu %d", 1,
            "two", 3.5, 4L, '5', 6.25, 7U, 8, 9, pass, text, 12.0,
            (void *)&text, 14ULL, 15);
        snprintf(expected, sizeof expected,
                 "%d %s %f %ld %c %g %x %d %d %d %s %f %p %llu %d", 1, "two",
                 3.5, 4L, '5', 6.25, 7U, 8, 9, pass, text, 12.0, (void *)&text,
                 14ULL, 15);
        assert_true(first && second);
        assert_string_equal(first, expected);
        assert_string_equal(second, expected);
        pond_destroy(p);
    }
    free(text);
}

/* In the C locale a wide character above 127 cannot be converted. */
static void a_failing_format_gives_null(void **state)
{
    (void)state;
    static const wchar_t wide[] = {0x20ac, 0};
    pond *p = test_pond(NULL, "printed");
    char *kept = pond_strdup(p, "kept");
    pond_usage before = pond_usage_get(p);
    assert_null(pond_printf(p, "%ls", wide));
    assert_null(pond_printf(p, "some text before %ls", wide));
    assert_true(test_same_usage(before, pond_usage_get(p)));
    char *next = pond_printf(p, "%s %d", kept, 5);
    assert_non_null(next);
    assert_string_equal(next, "kept 5");
    pond_destroy(p);
}

static void refused_text_changes_nothing(void **state)
{
    (void)state;
    char *text = letters(2 * MIB, 0);
    pond *p = test_pond(NULL, "printed");
    pond_limit(p, MIB);
    char *kept = pond_strdup(p, "kept");
    assert_non_null(kept);
    pond_usage before = pond_usage_get(p);
    assert_null(pond_strdup(p, text));
    assert_true(pond_failed(p));
    assert_null(pond_strndup(p, text, 3 * MIB));
    assert_null(pond_memdup(p, text, 2 * MIB));
    assert_null(pond_printf(p, "%s", text));
    assert_null(pond_printf(p, "%s %s", kept, text));
    assert_true(test_same_usage(before, pond_usage_get(p)));
    assert_string_equal(kept, "kept");
    char *next = pond_strndup(p, text, 1000);
    assert_non_null(next);
    assert_int_equal(strlen(next), 1000);
    pond_destroy(p);
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(copies),
        TEST(empty_copies_are_their_own),
        TEST(strndup_reads_no_further_than_max),
        TEST(printed_lengths),
        TEST(printed_across_block_ends),
        TEST(printed_below_a_limit),
        TEST(printed_from_its_own_pond),
        TEST(printed_with_many_arguments),
        TEST(a_failing_format_gives_null),
        TEST(refused_text_changes_nothing),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
