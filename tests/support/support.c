/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * support.c - volume, patterns, logs and other small helpers of the tests.
 */
#include "support.h"

#include <sys/wait.h>
#include <unistd.h>

_Noreturn void test_check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

size_t test_scaled(size_t n)
{
    static size_t percent; /* the same whoever reads it first */
    size_t p = __atomic_load_n(&percent, __ATOMIC_RELAXED);
    if (p == 0) {
        const char *text = getenv("POND_TEST_SCALE");
        long value = text ? strtol(text, NULL, 10) : 100;
        if (value < 1 || value > 100) {
            fprintf(stderr, "POND_TEST_SCALE is %s; it must be 1 to 100\n",
                    text);
            exit(2);
        }
        p = (size_t)value;
        __atomic_store_n(&percent, p, __ATOMIC_RELAXED);
    }
    size_t scaled = n / 100 * p + n % 100 * p / 100;
    return scaled > 0 ? scaled : 1;
}

bool test_under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return preload && strstr(preload, "vgpreload");
}

static bool probe_engine(void)
{
    pond *p = test_pond_sized(NULL, "probe", 4096);
    char *a = pond_alloc(p, test_hide(16));
    char *b = pond_alloc(p, test_hide(16));
    CHECK(a && b);
    bool region = p->cur < p->end && b == a + 16;
    pond_destroy(p);
    if (!region && !TEST_ASAN && !test_under_valgrind() &&
        !getenv("POND_DEBUG")) {
        fprintf(stderr, "objects are not carved from blocks, and nothing "
                        "asked for that\n");
        _exit(0);
    }
    return region;
}

bool test_region_engine(void)
{
    static int known; /* the same whoever asks first: 1 no, 2 yes */
    int k = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (k == 0) {
        /* in a child, so that this process has not used a pond yet */
        fflush(NULL);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0)
            _exit(1 + probe_engine());
        int status;
        CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
        k = WEXITSTATUS(status);
        if (k != 1 && k != 2)
            exit(1);
        __atomic_store_n(&known, k, __ATOMIC_RELAXED);
    }
    return k == 2;
}

void test_needs_region(void)
{
    if (test_region_engine())
        return;
    print_message("skipped: each object is its own malloc here\n");
    skip();
}

static uint64_t pattern_word(uint64_t seed, size_t index)
{
    uint64_t z = (seed + index) * 0x9e3779b97f4a7c15u;
    return z ^ (z >> 29);
}

void test_fill(void *at, size_t size, uint64_t seed)
{
    char *bytes = at;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word = pattern_word(seed, i);
        memcpy(bytes + i, &word, 8);
    }
    uint64_t word = pattern_word(seed, i);
    memcpy(bytes + i, &word, size - i);
}

bool test_holds(const void *at, size_t size, uint64_t seed)
{
    const char *bytes = at;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word = pattern_word(seed, i);
        if (memcmp(bytes + i, &word, 8) != 0)
            return false;
    }
    uint64_t word = pattern_word(seed, i);
    return memcmp(bytes + i, &word, size - i) == 0;
}

bool test_is_zero(const void *at, size_t size)
{
    const char *bytes = at;
    return size == 0 ||
           (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static int *notes;
static size_t n_notes;
static size_t room_for_notes;

void test_notes_clear(void)
{
    n_notes = 0;
}

void test_note(void *number)
{
    if (n_notes == room_for_notes) {
        room_for_notes = room_for_notes ? room_for_notes * 2 : 64;
        notes = realloc(notes, room_for_notes * sizeof(int));
        CHECK(notes);
    }
    notes[n_notes++] = (int)(intptr_t)number;
}

size_t test_notes_count(void)
{
    return n_notes;
}

int test_notes_at(size_t i)
{
    CHECK(i < n_notes);
    return notes[i];
}

void test_notes_expect(const int *numbers, size_t n, const char *file, int line)
{
    bool same = n == n_notes &&
                (n == 0 || memcmp(numbers, notes, n * sizeof(int)) == 0);
    if (!same) {
        print_error("%s:%d: expected:", file, line);
        for (size_t i = 0; i < n; i++)
            print_error(" %d", numbers[i]);
        print_error("; ran:");
        for (size_t i = 0; i < n_notes; i++)
            print_error(" %d", notes[i]);
        print_error("\n");
        _fail(file, line);
    }
    n_notes = 0;
}

pond_cleanup *test_defer(pond *p, void (*fn)(void *), void *arg)
{
    pond_cleanup *c = pond_defer(p, fn, arg);
    CHECK(c);
    return c;
}

pond *test_pond(pond *parent, const char *name)
{
    pond *p = pond_create(parent, name);
    CHECK(p);
    return p;
}

pond *test_pond_sized(pond *parent, const char *name, size_t first_block)
{
    pond_options o = {.size = sizeof o, .first_block_bytes = first_block};
    pond *p = pond_create_with(parent, name, &o);
    CHECK(p);
    return p;
}

bool test_same_usage(pond_usage a, pond_usage b)
{
    bool same = memcmp(&a, &b, sizeof a) == 0;
    if (!same) {
        test_print_usage("one", a);
        test_print_usage("two", b);
    }
    return same;
}

void test_print_usage(const char *label, pond_usage u)
{
    print_message("%s: used %zu, reserved %zu, wasted %zu, peak %zu, "
                  "charged %zu, blocks %zu, children %zu, cleanups %zu\n",
                  label, u.used_bytes, u.reserved_bytes, u.wasted_bytes,
                  u.peak_bytes, u.charged_bytes, u.n_blocks, u.n_children,
                  u.n_cleanups);
}

size_t test_resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f)
        return 0;
    unsigned long total;
    unsigned long resident = 0;
    if (fscanf(f, "%lu %lu", &total, &resident) != 2)
        resident = 0;
    fclose(f);
    return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}

int test_no_ponds_left(void **state)
{
    (void)state;
    static size_t before; /* what failed tests have left already */
    size_t n = pond_process_usage_get().n_ponds;
    bool left = n != before;
    if (left)
        print_error("%zu ponds are live, %zu were before\n", n, before);
    before = n;
    return left ? -1 : 0;
}
