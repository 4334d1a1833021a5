/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_debug.c - POND_DEBUG: each word, in a process of its own, for options
 * are read once. The program runs itself again with the name of an errand; what
 * each misuse tells is in tests/misuse.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pond/fixed.h>
#include <pond/heap.h>
#include <pond/slab.h>

static const char *program;

/* ---------------------------------------------------------------- errands */

/* Which of ten allocations are refused, as a line of digits. */
static void refused(void)
{
    pond *p = pond_create(NULL, "fail");
    for (int i = 0; i < 10; i++) {
        bool failed = p == NULL || pond_alloc(p, 100) == NULL;
        fprintf(stderr, "%d", failed);
    }
    pond_destroy(p);
}

/* About how many of a thousand are. */
static void refused_often(void)
{
    pond *p = NULL;
    int n = 0;
    while (p == NULL)
        p = pond_create(NULL, "fail");
    for (int i = 0; i < 1000; i++)
        n += pond_alloc(p, 100) == NULL;
    fprintf(stderr, "%s", n > 50 && n < 200 ? "one in ten" : "not so");
    pond_destroy(p);
}

/* Whether objects lie side by side, as they do when nothing is debugged. */
static void engine(void)
{
    pond *p = test_pond(NULL, "engine");
    CHECK(pond_alloc(p, 16));
    fprintf(stderr, "%s", p->cur < p->end ? "blocks" : "malloc");
    pond_destroy(p);
}

static void address_comes_back(void)
{
    pond *p = test_pond(NULL, "quarantine");
    pond_heap *h = pond_heap_create(p);
    char *first = pond_heap_alloc(h, 40);
    bool back = false;
    pond_heap_free(h, first);
    for (int i = 0; i < 100; i++) {
        char *next = pond_heap_alloc(h, 40);
        back = back || next == first;
        pond_heap_free(h, next);
    }
    fprintf(stderr, "%s", back ? "it comes back" : "it does not");
    pond_destroy(p);
}

static void filled(void)
{
    pond *p = test_pond(NULL, "poison");
    unsigned char *at = pond_alloc(p, 40);
    fprintf(stderr, "%02x %02x", at[0], at[39]);
    pond_destroy(p);
}

static void *use(void *p)
{
    CHECK(pond_alloc(p, 10));
    return NULL;
}

static void on_a_thread(pond *p)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, use, p) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void handed_over(void)
{
    pond *p = test_pond(NULL, "owner");
    CHECK(pond_alloc(p, 10));
    pond_hand_over(p);
    on_a_thread(p);
    pond_hand_over(p);
    pond_destroy(p);
    fprintf(stderr, "fine");
}

static void not_handed_over(void)
{
    pond *p = test_pond(NULL, "owner");
    CHECK(pond_alloc(p, 10));
    on_a_thread(p);
}

static void tell(const char *line, void *arg)
{
    fprintf(stderr, "%s: %s", (const char *)arg, line);
}

static void handler(void)
{
    char mine[] = "mine";
    pond_on_misuse(tell, mine);
    pond *p = test_pond(NULL, "told");
    pond_destroy(p);
    pond_destroy((pond *)test_hide((size_t)p));
}

static void count(const pond *p, void *n)
{
    *(size_t *)n += strcmp(pond_name(p), "usage") == 0;
}

static void usage(void)
{
    pond *p = test_pond(NULL, "usage"), *child = test_pond(p, "usage");
    pond_heap *h = pond_heap_create(p);
    pond_usage before = pond_usage_get(p);
    CHECK(pond_alloc(p, 100) && pond_heap_alloc(h, 33));
    pond_usage after = pond_usage_get(p);
    CHECK(after.used_bytes - before.used_bytes == 112 + 48);
    CHECK(after.reserved_bytes - before.reserved_bytes == 112 + 48);
    CHECK(after.n_children == 1);
    CHECK(pond_alloc(child, 1));
    CHECK(pond_usage_tree(p).used_bytes == after.used_bytes + 16);
    size_t visited = 0;
    pond_visit(count, &visited);
    CHECK(visited == 2);
    pond_class_usage row[8];
    size_t n = pond_class_usage_get(row, 8), found = 0;
    for (size_t i = 0; i < n && i < 8; i++)
        if (strcmp(row[i].name, "usage") == 0)
            found = row[i].n_ponds;
    CHECK(found == 2);
    CHECK(pond_process_usage_get().n_ponds == 2);
    pond_destroy(p);
    CHECK(pond_process_usage_get().n_ponds == 0);
    fprintf(stderr, "fine");
}

static void budget(void)
{
    pond *p = test_pond(NULL, "budget");
    pond_limit(p, 2000);
    size_t n = 0;
    while (pond_alloc(p, 100))
        n++;
    CHECK(n >= 10 && n <= 17 && pond_failed(p));
    CHECK(pond_usage_get(p).charged_bytes <= 2000);
    pond_mark mark = {0, 0};
    pond_reset(p);
    mark = pond_mark_take(p);
    CHECK(pond_alloc(p, 1500) && !pond_alloc(p, 1500));
    CHECK(pond_rewind(p, mark) == 0 && pond_alloc(p, 1500));
    pond_mark stale = pond_mark_take(p);
    CHECK(pond_rewind(p, mark) == 0 && pond_rewind(p, stale) == -EINVAL);
    pond_destroy(p);
    fprintf(stderr, "fine");
}

/* Some of everything, looked at in each call. */
static void some_of_all(void)
{
    for (int round = 0; round < 20; round++) {
        pond *p = test_pond(NULL, "all"), *child = test_pond(p, "child");
        pond_mark mark = pond_mark_take(p);
        pond_heap *h = pond_heap_create(p);
        pond_fixed *f = pond_fixed_create(child, 50);
        char *object = pond_heap_alloc(h, 20);
        object = pond_heap_realloc(h, object, 200);
        void *unit = pond_fixed_alloc(f);
        CHECK(object && unit && pond_strdup(child, "text"));
        pond_fixed_free(f, unit);
        pond_cleanup_cancel(test_defer(p, test_note, NULL));
        pond_limit(p, 100000);
        CHECK(pond_calloc(child, 10, 10));
        pond_reset(child);
        CHECK(pond_rewind(p, mark) == 0);
        pond_destroy(p);
    }
    fprintf(stderr, "fine");
}

static const struct errand {
    const char *name;
    void (*fn)(void);
} errands[] = {
    {"refused", refused},
    {"refused_often", refused_often},
    {"engine", engine},
    {"address_comes_back", address_comes_back},
    {"filled", filled},
    {"handed_over", handed_over},
    {"not_handed_over", not_handed_over},
    {"handler", handler},
    {"usage", usage},
    {"budget", budget},
    {"some_of_all", some_of_all},
};

static int run_errand(const char *name)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (size_t i = 0; i < COUNT(errands); i++)
        if (strcmp(errands[i].name, name) == 0)
            errands[i].fn();
    return 0;
}

/* ------------------------------------------------------------ the errands */

/* What an errand wrote to standard error with these words; its status. */
static int run(const char *words, const char *errand, char *text, size_t room)
{
    int ends[2], status;
    size_t n = 0;
    ssize_t got;
    CHECK(pipe(ends) == 0);
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        CHECK(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        setenv("POND_DEBUG", words, 1);
        execl(program, program, errand, (char *)NULL);
        _exit(8);
    }
    close(ends[1]);
    while (n + 1 < room && (got = read(ends[0], text + n, room - 1 - n)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    close(ends[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    return status;
}

static void expect(const char *words, const char *errand, const char *wanted)
{
    char text[4096];
    int status = run(words, errand, text, sizeof text);
    if (status != 0 || strcmp(text, wanted) != 0)
        print_error("POND_DEBUG=%s %s: status %d, \"%s\"\n", words, errand,
                    status, text);
    assert_int_equal(status, 0);
    assert_string_equal(text, wanted);
}

/* Ended by abort, with this among the text. */
static void expect_abort(const char *words, const char *errand,
                         const char *wanted)
{
    char text[4096];
    int status = run(words, errand, text, sizeof text);
    if (strstr(text, wanted) == NULL)
        print_error("POND_DEBUG=%s %s: \"%s\"\n", words, errand, text);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, wanted));
}

/* Under AddressSanitizer these words mean less. (Valgrind does not follow into
 * a program that is run.) */
static bool watched(void)
{
    return TEST_ASAN;
}

static void words_are_told(void **state)
{
    (void)state;
    static const char *const word[] = {
        "malloc", "redzone",   "poison", "quarantine", "caller", "owner",
        "all",    "integrity", "fail=N", "fail=1/N",   "off",    "help"};
    char text[4096];
    assert_int_equal(run("help", "none", text, sizeof text), 0);
    assert_string_equal(text, ""); /* no pond, no look at the environment */
    assert_int_equal(run("help", "engine", text, sizeof text), 0);
    for (size_t i = 0; i < COUNT(word); i++)
        assert_non_null(strstr(text, word[i]));
    assert_non_null(strstr(text, "docs/debugging.md"));
    if (!watched())
        assert_non_null(
            strstr(text, "blocks")); /* help alone changes nothing */
    expect("off,nonsense", "engine",
           "pond: POND_DEBUG: \"nonsense\" means nothing; try "
           "POND_DEBUG=help\nblocks");
    expect("off,fail=x", "engine",
           "pond: POND_DEBUG: \"fail=x\" means nothing; try "
           "POND_DEBUG=help\nblocks");
}

static void the_engine_is_chosen(void **state)
{
    (void)state;
    expect("off", "engine", "blocks");
    expect("malloc,off", "engine", "blocks");
    expect("malloc", "engine", "malloc");
    expect("caller", "engine", "malloc");
    expect("", "engine", watched() ? "malloc" : "blocks");
}

static void allocations_are_refused(void **state)
{
    (void)state;
    /* The pond's handle is the first one. */
    expect("fail=2", "refused", "1000000000");
    expect("fail=5", "refused", "0001000000");
    expect("fail=12", "refused", "0000000000");
    expect("fail=1", "refused", "1111111111");
    expect("fail=1/10", "refused_often", "one in ten");
}

static void memory_is_marked(void **state)
{
    (void)state;
    if (watched())
        skip();
    expect("poison", "filled", "a5 a5");
    expect("quarantine", "address_comes_back", "it does not");
    expect("off", "address_comes_back", "it comes back");
}

static void owners_are_told(void **state)
{
    (void)state;
    expect("owner", "handed_over", "fine");
    expect_abort("owner", "not_handed_over", "did not hand it over");
}

static void a_handler_is_called(void **state)
{
    (void)state;
    if (TEST_ASAN) /* it looks at the handle first, and needs no handler */
        skip();
    expect_abort("malloc", "handler", "mine: pond: misuse: pond_destroy: ");
    expect_abort("off", "handler", "mine: pond: misuse: pond_destroy: ");
}

static void figures_and_budgets_hold(void **state)
{
    (void)state;
    expect("malloc", "usage", "fine");
    expect("all", "usage", "fine");
    expect("malloc", "budget", "fine");
    expect("all", "budget", "fine");
    expect("all", "some_of_all", "fine");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return run_errand(argv[1]);
    program = argv[0];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_told),
        cmocka_unit_test(the_engine_is_chosen),
        cmocka_unit_test(allocations_are_refused),
        cmocka_unit_test(memory_is_marked),
        cmocka_unit_test(owners_are_told),
        cmocka_unit_test(a_handler_is_called),
        cmocka_unit_test(figures_and_budgets_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
