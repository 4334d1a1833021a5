/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - layer 3: a thread's record, its beginning, its end, and fork.
 *
 * The record is a block of its own. A pthread key gives it back when the
 * thread exits; a thread that works on after that has none any more and goes
 * straight to the depot. After fork the records of the other threads are gone
 * with them: what they had cached is abandoned, since they may have been
 * changing it.
 */
#include "thread.h"

#include "class.h"
#include "debug.h"
#include "region.h"

#include "os.h"

#include <pthread.h>
#include <string.h>

__thread struct thread *thread_self;
static __thread bool thread_gone;
const struct thread_hooks *thread_hooks;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;
static bool fork_heard; /* fork calls us */
static bool all_had;    /* both of these */
static struct thread *threads;
static size_t n_threads;

enum { THREAD_CLASS = 6 }; /* 32 KiB */
_Static_assert(sizeof(struct thread) <= BLOCK_MIN << THREAD_CLASS,
               "a record fits its block");

static void unlink_record(struct thread *t)
{
    if (t->prev)
        t->prev->next = t->next;
    else
        threads = t->next;
    if (t->next)
        t->next->prev = t->prev;
    block_cache_share(--n_threads);
}

static void on_exit_of_thread(void *record)
{
    struct thread *t = record;
    if (t != thread_self)
        return; /* a forked child of another thread */
    if (thread_hooks_get())
        thread_hooks_get()->exit();
    thread_flush(t);
    thread_self = NULL;
    thread_gone = true;
    pthread_mutex_lock(&lock);
    unlink_record(t);
    pthread_mutex_unlock(&lock);
    block_give(NULL, t, THREAD_CLASS);
}

static void before_fork(void)
{
    if (thread_hooks_get())
        thread_hooks_get()->fork_prepare();
    class_fork_prepare();
    pthread_mutex_lock(&lock);
    debug_fork_prepare();
    block_fork_prepare();
}

static void after_fork(bool child)
{
    block_fork_done();
    debug_fork_done(child);
    pthread_mutex_unlock(&lock);
    class_fork_done();
    if (thread_hooks_get())
        thread_hooks_get()->fork_done(child);
}

static void after_fork_parent(void)
{
    after_fork(false);
}

static void after_fork_child(void)
{
    threads = thread_self;
    n_threads = threads ? 1 : 0;
    if (threads)
        threads->next = threads->prev = NULL;
    block_cache_share(n_threads);
    stock_fork_child();
    after_fork(true);
}

/* The system may refuse either. */
static void ask_system(void)
{
    if (!key_made)
        key_made = pthread_key_create(&key, on_exit_of_thread) == 0;
    if (!fork_heard)
        fork_heard = pthread_atfork(before_fork, after_fork_parent,
                                    after_fork_child) == 0;
    __atomic_store_n(&all_had, key_made && fork_heard, __ATOMIC_RELEASE);
}

static void set_up(void)
{
    region_secret = os_secret();
    region_live = region_secret ^ MAGIC_LIVE;
    debug_set_up();
    ask_system();
}

/* Whether all was had. By each thread that has no record, until it was. */
static bool system_asked(void)
{
    static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;
    if (__atomic_load_n(&all_had, __ATOMIC_ACQUIRE))
        return true;
    /* Only tried: a child forked meanwhile would find it locked for good. */
    if (pthread_mutex_trylock(&asking) != 0)
        return false;
    if (!all_had)
        ask_system();
    bool had = all_had;
    pthread_mutex_unlock(&asking);
    return had;
}

struct thread *thread_get(void)
{
    if (thread_self || thread_gone)
        return thread_self;
    pthread_once(&once, set_up);
    if (!system_asked() || debug_on)
        return NULL;
    struct block_grant g = block_take(NULL, THREAD_CLASS);
    if (g.base == NULL)
        return NULL;
    struct thread *t = (struct thread *)g.base;
    if (!g.zero)
        memset(t, 0, sizeof *t);
    if (pthread_setspecific(key, t) != 0) {
        block_give(NULL, t, THREAD_CLASS);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    t->next = threads;
    if (threads)
        threads->prev = t;
    threads = t;
    block_cache_share(++n_threads);
    pthread_mutex_unlock(&lock);
    block_cache_init(&t->blocks);
    t->last = &t->kept[0];
    t->kept[0].takes = KEPT_NONE; /* zero is no state of the others */
    for (unsigned i = 0; i < NAME_SLOTS; i++)
        t->names[i] = (const char *)t; /* nobody's name, nor NULL */
    thread_self = t;
    return t;
}

void thread_flush(struct thread *t)
{
    region_stock_flush(t);
    if (t == NULL)
        return;
    if (thread_hooks_get())
        thread_hooks_get()->flush();
    for (unsigned c = 0; c <= CLASSES_MAX; c++)
        if (t->kept[c].cap)
            region_kept_flush(t, &t->kept[c]);
    block_cache_flush(&t->blocks);
}

uint64_t thread_life(void)
{
    enum { CHUNK = 1 << 20 };
    static uint64_t next = 1;
    struct thread *t = thread_get();
    if (t == NULL)
        return __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
    if (t->serial == t->serial_end) {
        t->serial = __atomic_fetch_add(&next, CHUNK, __ATOMIC_RELAXED);
        t->serial_end = t->serial + CHUNK;
    }
    return t->serial++;
}

/* Of any thread; a snapshot. */
static size_t kept_bytes(const struct kept *k)
{
    unsigned first = __atomic_load_n(&k->first, __ATOMIC_RELAXED);
    size_t n = __atomic_load_n(&k->n, __ATOMIC_RELAXED);
    if (__atomic_load_n(&k->newest, __ATOMIC_RELAXED))
        n++;
    return n * block_bytes(first);
}

struct thread_usage thread_usage_get(void)
{
    struct thread_usage u = {0, 0, 0};
    pthread_mutex_lock(&lock);
    for (const struct thread *t = threads; t; t = t->next) {
        u.n_threads++;
        u.record += block_bytes(THREAD_CLASS);
        u.cached += block_cache_bytes(&t->blocks);
        for (unsigned c = 0; c <= CLASSES_MAX; c++)
            u.cached += kept_bytes(&t->kept[c]);
    }
    pthread_mutex_unlock(&lock);
    u.cached += stock_bytes();
    return u;
}
