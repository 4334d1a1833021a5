/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_process.c - fork with live ponds and other threads at work, and a
 * shared object that is loaded and unloaded while threads have used it.
 */
#include "support.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t start(void *(*fn)(void *), void *arg)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fn, arg) == 0);
    return thread;
}

static void join(pthread_t thread)
{
    CHECK(pthread_join(thread, NULL) == 0);
}

/* ------------------------------------------------------------------ fork */

struct world {
    pond *root; /* of the forking thread */
    char *kept;
    pond *given; /* made by another thread, idle since */
    char *text;
    int stop;
};

/* Every path through the shared parts, over and over. */
static void *work_on(void *arg)
{
    struct world *w = arg;
    test_random r = {(uintptr_t)&r};
    while (!__atomic_load_n(&w->stop, __ATOMIC_ACQUIRE)) {
        pond *p = test_pond(NULL, "worker");
        for (int i = 0; i < 30; i++) {
            size_t size = test_random_size(&r, i ? 14 : 22);
            char *at = pond_alloc(p, size);
            CHECK(at);
            at[0] = 1;
        }
        pond_destroy(p);
        if (test_random_below(&r, 20) == 0)
            pond_trim(20);
    }
    return NULL;
}

static void *make_given(void *arg)
{
    struct world *w = arg;
    w->given = test_pond(NULL, "given");
    w->text = pond_strdup(w->given, "given");
    CHECK(w->text);
    for (size_t size = 16; size < 2 * MIB; size *= 4)
        memset(pond_alloc(w->given, size), 1, size);
    pond_hand_over(w->given);
    return NULL;
}

static void *use_in_a_new_thread(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        pond *p = test_pond(NULL, "new thread");
        memset(pond_alloc(p, 50000), 1, 50000);
        pond_destroy(p);
    }
    return NULL;
}

static void count_ponds(const pond *p, void *counter)
{
    (void)p;
    ++*(size_t *)counter;
}

/* The child owns all: uses, makes, ends, trims. */
static _Noreturn void end_as_child(struct world *w, int depth)
{
    CHECK(test_holds(w->kept, 100000, 1));
    CHECK(strcmp(w->text, "given") == 0);
    char *more = pond_printf(w->root, "in the child at %d", depth);
    CHECK(more);
    pond *child = test_pond(w->root, "made in the child");
    for (size_t size = 16; size < 4 * MIB; size *= 4)
        memset(pond_alloc(child, size), 2, size);
    pond_destroy(test_pond(child, "and another"));
    CHECK(pond_process_usage_get().n_threads == 1 || !test_region_engine());
    size_t seen = 0;
    pond_visit(count_ponds, &seen);
    CHECK(seen >= 3);
    if (!TEST_TSAN)
        join(start(use_in_a_new_thread, NULL));
    pond_destroy(w->given);
    pond_destroy(w->root);
    pond_trim(UINT32_MAX);
    pond_destroy(test_pond(NULL, "last"));
    test_leave(0);
}

/* ... and forks again before that. */
static _Noreturn void live_as_child(struct world *w)
{
    pond_destroy(test_pond(w->root, "before the second fork"));
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        end_as_child(w, 2);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    end_as_child(w, 1);
}

static void *fork_often(void *arg)
{
    struct world *w = arg;
    w->root = test_pond(NULL, "forking");
    w->kept = pond_alloc(w->root, 100000);
    CHECK(w->kept);
    test_fill(w->kept, 100000, 1);
    for (size_t i = 0; i < test_scaled(150); i++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0)
            live_as_child(w);
        /* the parent goes on meanwhile */
        pond *child = test_pond(w->root, "parent");
        memset(pond_alloc(child, 30000), 3, 30000);
        pond_destroy(child);
        int status;
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(status == 0);
        CHECK(test_holds(w->kept, 100000, 1));
    }
    pond_destroy(w->root);
    return NULL;
}

static void fork_among_threads(void **state)
{
    (void)state;
    for (int from_main = 0; from_main < 2; from_main++) {
        struct world w = {0};
        join(start(make_given, &w));
        pthread_t workers[3];
        for (size_t i = 0; i < COUNT(workers); i++)
            workers[i] = start(work_on, &w);
        if (from_main)
            fork_often(&w);
        else
            join(start(fork_often, &w));
        __atomic_store_n(&w.stop, 1, __ATOMIC_RELEASE);
        for (size_t i = 0; i < COUNT(workers); i++)
            join(workers[i]);
        pond_destroy(w.given);
    }
}

/* ---------------------------------------------------- load and unload */

struct module {
    void *handle;
    int (*use)(void);
    void *(*begin)(void);
    int (*end)(void *);
};

/* POND_TEST_DLMODULE, or dlmodule.so beside this program. */
static bool find_module(char *path, size_t room)
{
    const char *named = getenv("POND_TEST_DLMODULE");
    if (named) {
        snprintf(path, room, "%s", named);
        return true;
    }
    ssize_t n = readlink("/proc/self/exe", path, room - 16);
    if (n <= 0)
        return false;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    strcpy(slash + 1, "dlmodule.so");
    return access(path, R_OK) == 0;
}

/* An object pointer made a function pointer, as POSIX promises. */
static void find_symbol(void *handle, const char *name, void *function)
{
    void *symbol = dlsym(handle, name);
    CHECK(symbol);
    memcpy(function, &symbol, sizeof symbol);
}

static struct module load(const char *path)
{
    struct module m = {.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (!m.handle)
        fail_msg("dlopen: %s", dlerror());
    find_symbol(m.handle, "dlmodule_use", &m.use);
    find_symbol(m.handle, "dlmodule_begin", &m.begin);
    find_symbol(m.handle, "dlmodule_end", &m.end);
    return m;
}

struct user {
    struct module module;
    pthread_barrier_t used;
    pthread_barrier_t unloaded;
};

/* Used the module, and exits after it has been unloaded: whatever the library
 * does at thread exit must still be there. */
static void *outlive_the_module(void *arg)
{
    struct user *u = arg;
    CHECK(u->module.use() == 0);
    pthread_barrier_wait(&u->used);
    pthread_barrier_wait(&u->unloaded);
    return NULL;
}

static void load_and_unload(void **state)
{
    (void)state;
    char path[4096];
    if (!find_module(path, sizeof path)) {
        print_message("skipped: there is no dlmodule.so beside this program\n");
        skip();
    }
    for (size_t round = 0; round < test_scaled(100); round++) {
        struct user u = {.module = load(path)};
        pthread_barrier_init(&u.used, NULL, 4);
        pthread_barrier_init(&u.unloaded, NULL, 4);
        pthread_t threads[3];
        for (size_t i = 0; i < COUNT(threads); i++)
            threads[i] = start(outlive_the_module, &u);
        CHECK(u.module.use() == 0);
        void *begun = u.module.begin();
        CHECK(begun);
        CHECK(u.module.end(begun) == 0);
        pthread_barrier_wait(&u.used);
        CHECK(dlclose(u.module.handle) == 0);
        pthread_barrier_wait(&u.unloaded);
        for (size_t i = 0; i < COUNT(threads); i++)
            join(threads[i]);
        pthread_barrier_destroy(&u.used);
        pthread_barrier_destroy(&u.unloaded);
    }
    struct module again = load(path);
    assert_int_equal(again.use(), 0);
    assert_int_equal(dlclose(again.handle), 0);
}

/* Two libraries in one process, the one linked and the one loaded, do not
 * know of each other. */
static void linked_and_loaded(void **state)
{
    (void)state;
    char path[4096];
    if (!find_module(path, sizeof path))
        skip();
    pond *mine = test_pond(NULL, "linked");
    char *text = pond_strdup(mine, "linked");
    struct module m = load(path);
    void *theirs = m.begin();
    assert_non_null(theirs);
    assert_int_equal(pond_process_usage_get().n_ponds, 1);
    pond_destroy(test_pond(mine, "child"));
    assert_int_equal(m.end(theirs), 0);
    assert_int_equal(dlclose(m.handle), 0);
    assert_string_equal(text, "linked");
    pond_destroy(mine);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, test_no_ponds_left)
    const struct CMUnitTest tests[] = {
        TEST(fork_among_threads),
        TEST(load_and_unload),
        TEST(linked_and_loaded),
    };
    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
