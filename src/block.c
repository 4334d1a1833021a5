/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block.c - layer 2: blocks of one class, from a thread's cache or the depot.
 *
 * A cache is a stack of pointers a class. When it runs empty half a stack
 * comes from the depot under one lock, when it runs over its colder half goes
 * back; so a program that takes and gives at the border does not lock each
 * time. The depot fills the fullest slices first and never writes to an idle
 * block: which are idle is in the slice's descriptor.
 */
#include "block_depot.h"

#include <string.h>

#define CACHE_MAX ((size_t)2 << 20)   /* of one thread */
#define CACHES_MAX ((size_t)32 << 20) /* of all threads */
enum { CAP_LEAST = 8 };               /* where a stack begins */

/* Bytes of one class that one thread may cache; see block_cache_share. */
static size_t cache_share = CACHE_MAX / BLOCK_CACHED;

/* ------------------------------------------------------ slices of blocks */

static unsigned slice_capacity(unsigned class)
{
    return (unsigned)(BLOCK_SLICE / block_bytes(class));
}

static void slice_unlist(struct slice *d)
{
    if (d->prev)
        d->prev->next = d->next;
    else
        depot.partial[d->class][d->fill] = d->next;
    if (d->next)
        d->next->prev = d->prev;
}

/* The list for a slice with n of its blocks idle; the fullest come first. */
static unsigned fill_of(unsigned n, unsigned class)
{
    return (n - 1) * FILLS / slice_capacity(class);
}

static void slice_list(struct slice *d)
{
    d->fill = (uint8_t)fill_of(d->n_free, d->class);
    struct slice **head = &depot.partial[d->class][d->fill];
    d->prev = NULL;
    d->next = *head;
    if (*head)
        (*head)->prev = d;
    *head = d;
}

/* The pages that block number b of a slice lies on. */
static unsigned block_units(const struct slice *d, unsigned b)
{
    size_t unit = unit_bytes(), bytes = block_bytes(d->class);
    size_t first = b * bytes / unit, last = ((b + 1) * bytes - 1) / unit;
    return (2u << last) - (1u << first);
}

/* A partly idle slice of the class: the fullest there is, or a fresh one. */
static struct slice *slice_for(unsigned class)
{
    for (unsigned fill = 0; fill < FILLS; fill++)
        if (depot.partial[class][fill])
            return depot.partial[class][fill];
    struct slice *d = run_take(1, false);
    if (d == NULL)
        return NULL;
    unsigned n = slice_capacity(class);
    d->class = (uint8_t) class;
    d->n_free = (uint16_t)n;
    d->free[0] = n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
    d->free[1] = n == 128 ? UINT64_MAX : 0;
    slice_list(d);
    return d;
}

/* Keep a slice in the list that fits how full it is now. */
static void slice_changed(struct slice *d, unsigned had)
{
    unsigned n = slice_capacity(d->class);
    if (had > 0 && d->n_free > 0 && d->n_free < n &&
        d->fill == fill_of(d->n_free, d->class))
        return;
    if (had > 0)
        slice_unlist(d);
    if (d->n_free == n)
        run_free(d, 1);
    else if (d->n_free > 0)
        slice_list(d);
}

/* One block of a small class out of the depot; the lock is held. */
static uintptr_t depot_take_small(unsigned class)
{
    struct slice *d = slice_for(class);
    if (d == NULL)
        return 0;
    unsigned had = d->n_free;
    unsigned b = d->free[0] ? (unsigned)__builtin_ctzll(d->free[0])
                            : 64 + (unsigned)__builtin_ctzll(d->free[1]);
    unsigned units = block_units(d, b);
    bool zero = (d->dirty & units) == 0;
    if (!slice_commit(d, units)) {
        if (d->n_free == slice_capacity(class)) { /* it was fresh */
            slice_unlist(d);
            run_free(d, 1);
        }
        return 0;
    }
    d->free[b / 64] &= ~((uint64_t)1 << (b % 64));
    d->n_free--;
    depot.taken += block_bytes(class);
    slice_changed(d, had);
    return ((uintptr_t)slice_memory(d) + b * block_bytes(class)) | zero;
}

/* A run, committed; the lock is held. */
static uintptr_t depot_take_run(unsigned n, bool huge)
{
    struct slice *d = run_take(n, huge);
    if (d == NULL)
        return 0;
    bool zero = true;
    for (unsigned i = 0; i < n; i++) {
        zero = zero && d[i].dirty == 0;
        if (!slice_commit(&d[i], unit_all())) {
            run_free(d, n);
            return 0;
        }
    }
    depot.taken += n * BLOCK_SLICE;
    return (uintptr_t)slice_memory(d) | zero;
}

static uintptr_t depot_take(unsigned class)
{
    return class < SLICE_CLASSES ? depot_take_small(class)
                                 : depot_take_run(1, false);
}

static void depot_give(void *base)
{
    struct segment *s = segment_of(base);
    struct slice *d = &s->slice[slice_index(base)];
    if (d->class == SLICE_RUN) {
        depot.taken -= d->length * BLOCK_SLICE;
        run_free(d, d->length);
        return;
    }
    unsigned had = d->n_free;
    depot.taken -= block_bytes(d->class);
    unsigned b = (unsigned)(((uintptr_t)base & (BLOCK_SLICE - 1)) /
                            block_bytes(d->class));
    d->free[b / 64] |= (uint64_t)1 << (b % 64);
    d->n_free++;
    slice_changed(d, had);
}

/* --------------------------------------------------------- thread caches */

static unsigned slots_of(unsigned class)
{
    return 512u >> class;
}

/* The slots of the classes lie one behind the other: 512, 256, ... 4. */
static uintptr_t *slots_first(struct block_cache *cache, unsigned class)
{
    return cache->slots + (1024u - (1024u >> class));
}

static uint32_t stack_count(const struct block_stack *s)
{
    return __atomic_load_n(&s->n, __ATOMIC_RELAXED);
}

static void stack_set(struct block_stack *s, uint32_t n)
{
    __atomic_store_n(&s->n, n, __ATOMIC_RELAXED);
}

/* How far a stack may grow at most, by the share of each thread. */
static uint32_t cap_most(unsigned class)
{
    size_t share = __atomic_load_n(&cache_share, __ATOMIC_RELAXED);
    size_t most = share / block_bytes(class);
    return most < slots_of(class) ? (uint32_t)most : slots_of(class);
}

static uint32_t cap_least(unsigned class)
{
    return cap_most(class) < CAP_LEAST ? cap_most(class) : CAP_LEAST;
}

void block_cache_init(struct block_cache *cache)
{
    for (unsigned c = 0; c < BLOCK_CACHED; c++) {
        stack_set(&cache->stack[c], 0);
        cache->stack[c].cap = cap_least(c);
    }
}

size_t block_cache_bytes(const struct block_cache *cache)
{
    size_t bytes = 0;
    for (unsigned c = 0; c < BLOCK_CACHED; c++)
        bytes += stack_count(&cache->stack[c]) * block_bytes(c);
    return bytes;
}

void block_cache_share(size_t n_threads)
{
    size_t each = CACHES_MAX / (n_threads ? n_threads : 1);
    if (each > CACHE_MAX)
        each = CACHE_MAX;
    __atomic_store_n(&cache_share, each / BLOCK_CACHED, __ATOMIC_RELAXED);
}

size_t block_cache_bound(void)
{
    return __atomic_load_n(&cache_share, __ATOMIC_RELAXED) * BLOCK_CACHED;
}

/* Give the n coldest blocks of a stack to the depot. */
static void stack_flush(struct block_cache *cache, unsigned class, uint32_t n)
{
    struct block_stack *s = &cache->stack[class];
    uintptr_t *slots = slots_first(cache, class);
    uint32_t had = stack_count(s);
    pthread_mutex_lock(&depot.lock);
    for (uint32_t i = 0; i < n; i++)
        depot_give((void *)(slots[i] & ~(uintptr_t)1));
    pthread_mutex_unlock(&depot.lock);
    memmove(slots, slots + n, (had - n) * sizeof *slots);
    stack_set(s, had - n);
}

void block_cache_flush(struct block_cache *cache)
{
    for (unsigned c = 0; c < BLOCK_CACHED; c++) {
        if (stack_count(&cache->stack[c]) > 0)
            stack_flush(cache, c, stack_count(&cache->stack[c]));
        cache->stack[c].cap = cap_least(c);
    }
}

/* A miss: let the stack grow, and bring half of it from the depot. */
static uintptr_t stack_refill(struct block_cache *cache, unsigned class)
{
    struct block_stack *s = &cache->stack[class];
    uintptr_t *slots = slots_first(cache, class);
    uint32_t most = cap_most(class);
    s->cap = s->cap * 2 < most ? s->cap * 2 : most;
    uint32_t n = 0, want = s->cap / 2 ? s->cap / 2 : 1;
    pthread_mutex_lock(&depot.lock);
    uintptr_t first = depot_take(class);
    while (first && n + 1 < want && (slots[n] = depot_take(class)) != 0)
        n++;
    pthread_mutex_unlock(&depot.lock);
    /* The lowest addresses are to be handed out first. */
    for (uint32_t i = 0; i < n / 2; i++) {
        uintptr_t swap = slots[i];
        slots[i] = slots[n - 1 - i];
        slots[n - 1 - i] = swap;
    }
    stack_set(s, n);
    depot_trim_sometimes();
    return first;
}

struct block_grant block_take(struct block_cache *cache, unsigned class)
{
    uintptr_t ref;
    if (cache == NULL) {
        pthread_mutex_lock(&depot.lock);
        ref = depot_take(class);
        pthread_mutex_unlock(&depot.lock);
    } else {
        struct block_stack *s = &cache->stack[class];
        uint32_t n = stack_count(s);
        if (__builtin_expect(n == 0, 0)) {
            ref = stack_refill(cache, class);
        } else {
            stack_set(s, n - 1);
            ref = slots_first(cache, class)[n - 1];
        }
    }
    return (struct block_grant){(char *)(ref & ~(uintptr_t)1), ref & 1};
}

void block_give(struct block_cache *cache, void *base, unsigned class)
{
    if (cache == NULL) {
        pthread_mutex_lock(&depot.lock);
        depot_give(base);
        pthread_mutex_unlock(&depot.lock);
        return;
    }
    struct block_stack *s = &cache->stack[class];
    uint32_t n = stack_count(s);
    if (__builtin_expect(n >= s->cap, 0)) {
        stack_flush(cache, class, n - s->cap / 2);
        depot_trim_sometimes();
        n = stack_count(s);
    }
    slots_first(cache, class)[n] = (uintptr_t)base;
    stack_set(s, n + 1);
}

/* ------------------------------------------------------ runs and mappings */

struct block_grant block_take_run(size_t bytes, bool huge)
{
    if (bytes > BLOCK_RUN_MAX)
        return large_take(bytes, huge);
    unsigned n = (unsigned)((bytes + BLOCK_SLICE - 1) / BLOCK_SLICE);
    pthread_mutex_lock(&depot.lock);
    uintptr_t ref = depot_take_run(n ? n : 1, huge);
    pthread_mutex_unlock(&depot.lock);
    depot_trim_sometimes();
    return (struct block_grant){(char *)(ref & ~(uintptr_t)1), ref & 1};
}

void block_give_run(void *base)
{
    struct segment *s = segment_of(base);
    if (s->kind == KIND_LARGE) {
        large_give((struct large *)s);
        return;
    }
    pthread_mutex_lock(&depot.lock);
    depot_give(base);
    pthread_mutex_unlock(&depot.lock);
}

size_t block_run_bytes(const void *base)
{
    const struct segment *s = segment_of(base);
    if (s->kind == KIND_LARGE)
        return ((const struct large *)s)->bytes - sizeof(struct large);
    return s->slice[slice_index(base)].length * BLOCK_SLICE;
}

bool block_resize_run(void *base, size_t bytes)
{
    struct segment *s = segment_of(base);
    if (s->kind == KIND_LARGE)
        return large_resize((struct large *)s, bytes);
    if (bytes > SEGMENT_BYTES)
        return false;
    unsigned n = (unsigned)((bytes + BLOCK_SLICE - 1) / BLOCK_SLICE);
    pthread_mutex_lock(&depot.lock);
    bool done = run_resize(&s->slice[slice_index(base)], n ? n : 1);
    pthread_mutex_unlock(&depot.lock);
    return done;
}

struct block_place block_find(const void *ptr)
{
    struct segment *s = segment_of(ptr);
    if (s->kind == KIND_LARGE)
        return (struct block_place){(char *)s + sizeof(struct large),
                                    BLOCK_RUN};
    unsigned i = slice_index(ptr);
    unsigned class = s->slice[i].class;
    if (class == SLICE_RUN)
        return (struct block_place){slice_base(s, s->slice[i].first),
                                    BLOCK_RUN};
    uintptr_t mask = ~(uintptr_t)(block_bytes(class) - 1);
    return (struct block_place){(char *)((uintptr_t)ptr & mask), class};
}
