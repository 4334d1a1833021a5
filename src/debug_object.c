/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_object.c - layer 3: one malloc for each object and handle.
 *
 *   raw malloc   +----------+---------------+----------+
 *                | red zone | object        | red zone |
 *                +----------+---------------+----------+
 *                           ^ptr            ^ptr + size, to the byte
 *
 * Without the option, and under a checker, there are no red zones. Handles that
 * have ended stay in quarantine without the option, too, unless a checker does
 * that, so that their use can be told.
 */
#include "debug.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    ZONE = 128,
    ZONE_BYTE = 0xb5,
    NEW_BYTE = 0xa5,
    END_BYTE = 0xf5,
    QUARANTINE_BYTES = 64 << 20,
    QUARANTINE_HANDLES = 4096 /* that is kept of them without the option */
};
/* Checkers end a program that asks malloc for too much. */
#define OBJECT_MOST ((size_t)1 << 34)

static struct {
    pthread_mutex_t lock;
    uintptr_t *bucket; /* the newest record of each, hidden */
    size_t n_buckets, n;
    struct debug_object *oldest, *newest; /* in quarantine */
    size_t kept_bytes, n_kept;
    size_t bytes, limit;
    unsigned long asked; /* for objects */
    uint64_t random;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER, .random = 88172645463325252u};

const char debug_an_object[] = "object";

/* ----------------------------------------------------------------- table */

static uintptr_t hide(const struct debug_object *o)
{
    return o ? ~(uintptr_t)o : 0;
}

static struct debug_object *shown(uintptr_t hidden)
{
    return hidden ? (struct debug_object *)~hidden : NULL;
}

static uintptr_t *bucket_of(const void *ptr)
{
    uint64_t h = ((uintptr_t)ptr >> 4) * 0x9e3779b97f4a7c15u;
    return &table.bucket[(h >> 20) & (table.n_buckets - 1)];
}

/* More buckets, when there are many records; without memory they get slower,
 * but for the first ones. */
static bool table_grow(void)
{
    if (table.n < table.n_buckets)
        return true;
    size_t had = table.n_buckets, n = had ? had * 2 : 1024;
    uintptr_t *old = table.bucket, *new = calloc(n, sizeof *new);
    if (new == NULL)
        return had > 0;
    table.bucket = new;
    table.n_buckets = n;
    for (size_t i = 0; i < had; i++)
        for (struct debug_object *o = shown(old[i]), *next; o; o = next) {
            next = shown(o->chain);
            uintptr_t *b = bucket_of(o->ptr);
            o->chain = *b;
            *b = hide(o);
        }
    free(old);
    return true;
}

static void table_remove(struct debug_object *o)
{
    uintptr_t *at = bucket_of(o->ptr);
    while (*at != hide(o))
        at = &shown(*at)->chain;
    *at = o->chain;
    table.n--;
}

struct debug_object *debug_object_find(const void *ptr)
{
    struct debug_object *o = NULL;
    pthread_mutex_lock(&table.lock);
    if (table.n_buckets)
        o = shown(*bucket_of(ptr));
    while (o && o->ptr != ptr)
        o = shown(o->chain);
    pthread_mutex_unlock(&table.lock);
    return o;
}

struct debug_object *debug_object_around(const void *ptr)
{
    struct debug_object *found = NULL;
    pthread_mutex_lock(&table.lock);
    for (size_t i = 0; i < table.n_buckets && found == NULL; i++)
        for (struct debug_object *o = shown(table.bucket[i]); o;
             o = shown(o->chain))
            if (!o->ended && (uintptr_t)ptr - (uintptr_t)o->ptr < o->size)
                found = o;
    pthread_mutex_unlock(&table.lock);
    return found;
}

void debug_table_lock(void)
{
    pthread_mutex_lock(&table.lock);
}

void debug_table_unlock(void)
{
    pthread_mutex_unlock(&table.lock);
}

size_t debug_bytes(void)
{
    return __atomic_load_n(&table.bytes, __ATOMIC_RELAXED);
}

void debug_bytes_limit(size_t bytes)
{
    pthread_mutex_lock(&table.lock);
    table.limit = bytes;
    pthread_mutex_unlock(&table.lock);
}

/* Whether options or the limit of the process refuse this allocation. */
static bool refused(size_t bytes)
{
    const struct debug_options *o = &debug_options;
    bool no = table.limit && bytes > table.limit - table.bytes;
    table.random ^= table.random << 13;
    table.random ^= table.random >> 7;
    table.random ^= table.random << 17;
    table.asked++;
    return no || table.asked == o->fail_at ||
           (o->fail_one_in && table.random % o->fail_one_in == 0);
}

/* Let it in; false: refused. */
static bool table_add(struct debug_object *o)
{
    pthread_mutex_lock(&table.lock);
    bool in = !refused(o->size) && table_grow();
    if (in) {
        uintptr_t *b = bucket_of(o->ptr);
        o->chain = *b;
        *b = hide(o);
        table.n++;
        table.bytes += o->size;
    }
    pthread_mutex_unlock(&table.lock);
    return in;
}

/* ------------------------------------------------------------- red zones */

static char *raw(const struct debug_object *o)
{
    return o->ptr - o->front;
}

/* The first byte in [from, to) that is not byte; to: none. */
static const char *other_than(int byte, const char *from, const char *to)
{
    /* All the same as the first one: mostly so, and quickly told. */
    size_t n = (size_t)(to - from);
    if (n > 0 && *(const unsigned char *)from == byte &&
        memcmp(from, from + 1, n - 1) == 0)
        return to;
    while (from < to && *(const unsigned char *)from == byte)
        from++;
    return from;
}

/* What was written to that must not be, and where; NULL: nothing. */
static const char *wrong(const struct debug_object *o, const char **at)
{
    const char *end = o->ptr + o->size;
    if (o->filled && (*at = other_than(END_BYTE, o->ptr, end)) != end)
        return "after it had ended";
    if (!debug_options.redzone)
        return NULL;
    if ((*at = other_than(ZONE_BYTE, raw(o), o->ptr)) != o->ptr)
        return "before its start";
    if ((*at = other_than(ZONE_BYTE, end, end + ZONE)) != end + ZONE)
        return "behind its end";
    return NULL;
}

void debug_object_check(const struct debug_object *o)
{
    const char *at, *where = wrong(o, &at);
    if (where)
        misuse_of(o, "was written to %s, at byte %td", where, at - o->ptr);
}

/* ------------------------------------------------------------ quarantine */

/* For good. */
static void object_free(struct debug_object *o)
{
    free(raw(o));
    free(o);
}

/* The oldest one, if there is too much; NULL: there is not. The lock is held.
 * Without the option only handles are kept. */
static struct debug_object *quarantine_take(void)
{
    struct debug_object *o = table.oldest;
    bool much = debug_options.quarantine ? table.kept_bytes > QUARANTINE_BYTES
                                         : table.n_kept > QUARANTINE_HANDLES;
    if (!much || o == NULL)
        return NULL;
    table.oldest = o->later;
    if (table.oldest == NULL)
        table.newest = NULL;
    table.kept_bytes -= o->size + sizeof *o;
    table.n_kept--;
    table_remove(o);
    return o;
}

/* Keep it; what is too old goes. */
static void quarantine_put(struct debug_object *o)
{
    o->later = NULL;
    pthread_mutex_lock(&table.lock);
    if (table.newest)
        table.newest->later = o;
    else
        table.oldest = o;
    table.newest = o;
    table.kept_bytes += o->size + sizeof *o;
    table.n_kept++;
    while ((o = quarantine_take()) != NULL) {
        pthread_mutex_unlock(&table.lock);
        debug_object_check(o);
        object_free(o);
        pthread_mutex_lock(&table.lock);
    }
    pthread_mutex_unlock(&table.lock);
}

void debug_quarantine_check(void)
{
    const char *at;
    pthread_mutex_lock(&table.lock);
    struct debug_object *o = table.oldest;
    while (o && wrong(o, &at) == NULL)
        o = o->later;
    pthread_mutex_unlock(&table.lock);
    if (o)
        debug_object_check(o);
}

/* ---------------------------------------------------------- make and end */

static void *raw_alloc(size_t bytes, size_t alignment)
{
    void *at;
    if (alignment <= 16)
        return malloc(bytes);
    return posix_memalign(&at, alignment, bytes) == 0 ? at : NULL;
}

/* The bytes of an object and around it. */
static bool object_fill(struct debug_object *o, size_t alignment)
{
    size_t zone = debug_options.redzone ? ZONE : 0, bytes;
    o->front = zone > alignment || zone == 0 ? zone : alignment;
    /* AddressSanitizer writes to the first bytes of what was freed, but an
     * ended handle shall still send code that is not instrumented to us. */
    if (o->what != debug_an_object && debug_options.checker == OS_CHECKER_ASAN)
        o->front = alignment;
    if (o->size > OBJECT_MOST)
        return false;
    bytes = o->size + o->front + zone;
    char *at = raw_alloc(bytes ? bytes : 1, alignment);
    if (at == NULL)
        return false;
    o->ptr = at + o->front;
    memset(at, ZONE_BYTE, o->front);
    memset(o->ptr + o->size, ZONE_BYTE, zone);
    if (debug_options.poison)
        memset(o->ptr, NEW_BYTE, o->size);
    return true;
}

struct debug_object *debug_object_make(struct debug_holder *holder,
                                       const char *what, const char *name,
                                       size_t size, size_t alignment,
                                       uint64_t serial)
{
    struct debug_object *o = malloc(sizeof *o);
    if (o == NULL)
        return NULL;
    *o = (struct debug_object){.holder = holder,
                               .what = what,
                               .name = name,
                               .size = size,
                               .asked = size,
                               .serial = serial,
                               .made_at = debug_caller()};
    if (!object_fill(o, alignment)) {
        free(o);
        return NULL;
    }
    if (!table_add(o)) {
        object_free(o);
        return NULL;
    }
    if (holder) {
        o->holder_what = holder->what;
        o->older = holder->newest;
        if (o->older)
            o->older->newer = o;
        holder->newest = o;
        holder->n++;
        holder->bytes += debug_rounded(o);
    }
    return o;
}

static void unlink_object(struct debug_object *o)
{
    struct debug_holder *h = o->holder;
    if (h == NULL)
        return;
    if (o->newer)
        o->newer->older = o->older;
    else
        h->newest = o->older;
    if (o->older)
        o->older->newer = o->newer;
    h->n--;
    h->bytes -= debug_rounded(o);
    o->holder = NULL;
}

void debug_object_forget(struct debug_object *o)
{
    unlink_object(o);
    pthread_mutex_lock(&table.lock);
    table.bytes -= o->size;
    table_remove(o);
    pthread_mutex_unlock(&table.lock);
    free(o);
}

void debug_object_end(struct debug_object *o, bool wipe)
{
    debug_object_check(o);
    bool handle = o->what != debug_an_object;
    bool keep = debug_options.quarantine ||
                (handle && debug_options.checker == OS_CHECKER_NONE);
    unlink_object(o);
    if (wipe) {
        memset(o->ptr, 0, o->size);
        __asm__ volatile("" : : "r"(o->ptr) : "memory");
    }
    /* A handle must keep its magic. */
    o->filled = !handle && (keep || debug_options.poison);
    if (o->filled)
        memset(o->ptr, END_BYTE, o->size);
    o->ended_at = debug_caller();
    o->ended = true;
    pthread_mutex_lock(&table.lock);
    table.bytes -= o->size;
    if (!keep)
        table_remove(o);
    pthread_mutex_unlock(&table.lock);
    if (keep)
        quarantine_put(o);
    else
        object_free(o);
}
