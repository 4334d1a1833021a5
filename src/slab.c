/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slab.c - layer 4: the public functions of slabs, and what a thread has of
 * them. A thread's hands are found by the slab's index in a table that its
 * record points to; a thread without a record goes to the depot.
 */
#include "slab.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SIZE_LIMIT ((size_t)PTRDIFF_MAX - ((size_t)4 << 20))

static struct {
    pthread_mutex_t lock;
    struct slab *first;
    struct slab *by_index[SLABS_MAX];
    struct hands *hands; /* of all threads */
} slabs = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *no_cell[1];

/* The calling thread's hands. A pointer of their own beside the one to the
 * thread's record, for it saves a third of the instructions. */
static struct hands no_hands;
static __thread struct hands *own_hands
    __attribute__((tls_model("initial-exec"))) = &no_hands;

static struct slab *slab_of(pond_slab *p)
{
    return (struct slab *)(void *)p;
}

/* Stop if s is no slab. */
static void check(const struct slab *s, const char *call, const void *caller)
{
    if (debug_on)
        slab_debug_check(s, call, caller);
    else if (s->magic != magic_at(s, MAGIC_SLAB))
        misuse("%s: the slab at %p has been destroyed, or is none", call,
               (const void *)s);
}

void slab_misuse(const struct slab *s, const void *ptr)
{
    misuse("pond_slab_free: %p is no object of the slab \"%s\", or was freed "
           "already",
           ptr, s->name);
}

/* ----------------------------------------------------------------- hands */

static void hand_load(struct hand *h, struct magazine *m)
{
    h->loaded = m;
    h->top = m ? m->slots + 1 + m->n : no_cell + 1;
    h->limit = m ? m->slots + 1 + m->slab->cap : no_cell + 1;
}

/* Take the loaded magazine out of the hand; may be NULL. */
static struct magazine *hand_unload(struct hand *h)
{
    struct magazine *m = h->loaded;
    if (m)
        m->n = (uint32_t)(h->top - m->slots - 1);
    hand_load(h, NULL);
    return m;
}

/* Where the hand of a slab lies in a table; it need not be there. */
static inline struct hand *hand_at(struct hands *hands, uint32_t offset)
{
    return (struct hand *)(void *)((char *)hands + offset);
}

static size_t hands_count(const struct hands *hands)
{
    return hands == &no_hands
               ? 0
               : (hands->bytes - sizeof *hands) / sizeof(struct hand);
}

static void hands_unlink(struct hands *hands)
{
    if (hands->prev)
        hands->prev->next = hands->next;
    else
        slabs.hands = hands->next;
    if (hands->next)
        hands->next->prev = hands->prev;
}

static void hands_link(struct hands *hands)
{
    hands->prev = NULL;
    hands->next = slabs.hands;
    if (hands->next)
        hands->next->prev = hands;
    slabs.hands = hands;
}

/* Make the table long enough for an offset; false: no memory. */
static bool hands_grow(struct thread *t, uint32_t offset)
{
    struct hands *old = own_hands;
    unsigned class = block_class_for(offset + sizeof(struct hand));
    struct block_grant g = block_take(&t->blocks, class);
    if (g.base == NULL)
        return false;
    struct hands *new = (struct hands *)(void *)g.base;
    new->not_a_pond = 0;
    new->bytes = (uint32_t)block_bytes(class);
    new->class = class;
    size_t had = hands_count(old);
    for (size_t i = had; i < hands_count(new); i++) {
        new->hand[i].spare = NULL;
        hand_load(&new->hand[i], NULL);
    }
    pthread_mutex_lock(&slabs.lock); /* destroy looks at all hands */
    if (old != &no_hands) {
        memcpy(new->hand, old->hand, had * sizeof(struct hand));
        hands_unlink(old);
    }
    hands_link(new);
    pthread_mutex_unlock(&slabs.lock);
    own_hands = new;
    if (old != &no_hands)
        block_give(&t->blocks, old, old->class);
    return true;
}

/* The calling thread's hand for a slab; NULL: it has none. */
static struct hand *hand_get(const struct slab *s)
{
    struct thread *t = thread_get();
    if (t == NULL || s->offset == UINT32_MAX)
        return NULL;
    if (s->offset >= own_hands->bytes && !hands_grow(t, s->offset))
        return NULL;
    return hand_at(own_hands, s->offset);
}

/* ------------------------------------------------------- alloc and free */

/* Objects over CELL_MAX are blocks: those up to 64 KiB from the thread's cache
 * of blocks, which is a magazine too. */
static void *big_alloc(struct slab *s)
{
    struct block_grant g =
        s->bytes <= BLOCK_SLICE
            ? block_take(thread_blocks(thread_get()), block_class_for(s->bytes))
            : block_take_run(s->bytes, false);
    if (g.base)
        __atomic_fetch_add(&s->out, 1, __ATOMIC_RELAXED);
    return g.base;
}

static void big_free(struct slab *s, void *object)
{
    if (__atomic_fetch_sub(&s->out, 1, __ATOMIC_RELAXED) == 0)
        slab_misuse(s, object);
    if (s->bytes <= BLOCK_SLICE)
        block_give(thread_blocks(thread_self), object,
                   block_class_for(s->bytes));
    else
        block_give_run(object);
}

static __attribute__((noinline)) void *alloc_slow(struct slab *s)
{
    if (debug_on)
        return slab_debug_alloc(s, CALLER);
    check(s, "pond_slab_alloc", NULL);
    if (s->unit == 0)
        return big_alloc(s);
    struct hand *h = hand_get(s);
    if (h == NULL)
        return slab_depot_alloc(s);
    /* Taken out first, for the depot may have to flush this thread. */
    struct magazine *m = hand_unload(h), *spare = h->spare;
    if (spare && spare->n > 0) {
        h->spare = m;
        m = spare;
    } else {
        m = slab_depot_fill(s, m);
        if (m == NULL)
            return slab_depot_alloc(s);
    }
    hand_load(h, m);
    void *cell = h->top[-1];
    if (cell)
        h->top--;
    return cell;
}

void *pond_slab_alloc(pond_slab *p)
{
    struct slab *s = slab_of(p);
    struct hands *hands = own_hands;
    if (POND_LIKELY(s->offset < hands->bytes)) {
        struct hand *h = hand_at(hands, s->offset);
        void *cell = h->top[-1];
        if (POND_LIKELY(cell != NULL)) {
            h->top--;
            return cell;
        }
    }
    return alloc_slow(s);
}

static __attribute__((noinline)) void free_slow(struct slab *s, void *object)
{
    if (debug_on) {
        slab_debug_free(s, object, CALLER);
        return;
    }
    check(s, "pond_slab_free", NULL);
    if (s->unit == 0) {
        big_free(s, object);
        return;
    }
    struct hand *h = hand_get(s);
    if (h == NULL) {
        slab_depot_free(s, object);
        return;
    }
    struct magazine *m = hand_unload(h), *spare = h->spare;
    if (m) {
        h->spare = m;
        m = spare && spare->n == 0 ? spare : slab_depot_drain(s, spare);
    } else {
        m = slab_depot_drain(s, NULL);
    }
    hand_load(h, m);
    if (m)
        *h->top++ = object;
    else
        slab_depot_free(s, object);
}

void pond_slab_free(pond_slab *p, void *object)
{
    struct slab *s = slab_of(p);
    struct hands *hands = own_hands;
    if (!POND_LIKELY(object != NULL))
        return;
    if (POND_LIKELY(s->offset < hands->bytes)) {
        struct hand *h = hand_at(hands, s->offset);
        void **top = h->top;
        if (POND_LIKELY(top < h->limit)) {
            __builtin_prefetch(object, 1); /* somebody will write to it soon */
            *top = object;
            h->top = top + 1;
            return;
        }
    }
    free_slow(s, object);
}

/* ----------------------------------------------------------------- hooks */

static void flush_hands(void)
{
    for (size_t i = 0; i < hands_count(own_hands); i++) {
        struct hand *h = &own_hands->hand[i];
        struct magazine *m = hand_unload(h), *spare = h->spare;
        h->spare = NULL;
        if (m)
            slab_depot_put(m->slab, m);
        if (spare)
            slab_depot_put(spare->slab, spare);
    }
}

static void exit_hands(void)
{
    struct hands *hands = own_hands;
    if (hands == &no_hands)
        return;
    flush_hands();
    own_hands = &no_hands;
    pthread_mutex_lock(&slabs.lock);
    hands_unlink(hands);
    pthread_mutex_unlock(&slabs.lock);
    block_give(thread_blocks(thread_self), hands, hands->class);
}

static void trim_slabs(bool all)
{
    pthread_mutex_lock(&slabs.lock);
    for (struct slab *s = slabs.first; s; s = s->next)
        slab_depot_trim(s, all);
    pthread_mutex_unlock(&slabs.lock);
}

static void before_fork(void)
{
    pthread_mutex_lock(&slabs.lock);
    for (struct slab *s = slabs.first; s; s = s->next)
        pthread_mutex_lock(&s->lock);
}

/* In a child the magazines of other threads are abandoned, with their cells:
 * those threads may have been using them. */
static void after_fork(bool child)
{
    if (child) {
        slabs.hands = NULL;
        if (own_hands != &no_hands)
            hands_link(own_hands);
    }
    for (struct slab *s = slabs.first; s; s = s->next)
        pthread_mutex_unlock(&s->lock);
    pthread_mutex_unlock(&slabs.lock);
}

static const struct thread_hooks hooks = {
    .flush = flush_hands,
    .exit = exit_hands,
    .trim = trim_slabs,
    .fork_prepare = before_fork,
    .fork_done = after_fork,
};

/* ------------------------------------------------------------- lifetimes */

static void list_add(struct slab *s)
{
    pthread_mutex_lock(&slabs.lock);
    s->offset = UINT32_MAX;
    for (uint32_t i = 0; s->unit && i < SLABS_MAX; i++)
        if (slabs.by_index[i] == NULL) {
            slabs.by_index[i] = s;
            s->offset = (uint32_t)offsetof(struct hands, hand[i]);
            break;
        }
    s->next = slabs.first;
    if (s->next)
        s->next->prev = s;
    slabs.first = s;
    pthread_mutex_unlock(&slabs.lock);
    __atomic_store_n(&thread_hooks, &hooks, __ATOMIC_RELEASE);
}

static uint32_t within(size_t n, uint32_t least, uint32_t most)
{
    return n < least ? least : n < most ? (uint32_t)n : most;
}

static struct slab *make(struct thread *t)
{
    struct block_grant g = block_take(thread_blocks(t), 0);
    struct slab *s = (struct slab *)(void *)g.base;
    _Static_assert(sizeof *s <= BLOCK_MIN, "a slab is one block");
    return s ? memset(s, 0, sizeof *s) : NULL;
}

pond_slab *pond_slab_create(size_t object_size, const char *name)
{
    if (object_size > SIZE_LIMIT)
        return NULL;
    struct thread *t = thread_get(); /* sets the process up, too */
    if (name == NULL)
        name = "slab";
    struct slab *s = debug_on ? slab_debug_make(name, CALLER) : make(t);
    if (s == NULL)
        return NULL;
    s->asked = object_size;
    s->bytes = object_size ? round16(object_size) : 16;
    s->unit = s->bytes <= CELL_MAX && !debug_on ? (uint32_t)s->bytes : 0;
    s->cap = within(MAGAZINE_BYTES / s->bytes, MAGAZINE_LEAST, MAGAZINE_MOST);
    s->keep =
        within(DEPOT_BYTES / (s->cap * s->bytes), DEPOT_LEAST, DEPOT_BYTES);
    strncpy(s->name, name, NAME_MAX);
    s->magic = magic_at(s, MAGIC_SLAB);
    pthread_mutex_init(&s->lock, NULL);
    list_add(s);
    return (pond_slab *)(void *)s;
}

/* Cells in magazines, of the depot and of all hands; slabs.lock is held. With
 * end the hands lose them to the depot. */
static size_t count_waiting(struct slab *s, bool end)
{
    size_t n = 0;
    for (struct magazine *m = s->full; m; m = m->next)
        n += m->n;
    for (struct hands *hands = slabs.hands; hands; hands = hands->next) {
        struct hand *h = hand_at(hands, s->offset);
        if (s->offset >= hands->bytes)
            continue;
        if (h->loaded)
            n += (size_t)(h->top - h->loaded->slots - 1);
        if (h->spare)
            n += h->spare->n;
        struct magazine *m = end ? hand_unload(h) : NULL;
        if (m)
            slab_depot_put(s, m);
        if (end && h->spare)
            slab_depot_put(s, h->spare);
        if (end)
            h->spare = NULL;
    }
    return n;
}

size_t pond_slab_live(pond_slab *p)
{
    struct slab *s = slab_of(p);
    check(s, "pond_slab_live", CALLER);
    if (debug_on)
        return slab_debug_live(s);
    pthread_mutex_lock(&slabs.lock);
    size_t waiting = count_waiting(s, false);
    size_t out = __atomic_load_n(&s->out, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&slabs.lock);
    return out - waiting;
}

static void report(const struct slab *s, size_t live)
{
    char line[256];
    int n = snprintf(line, sizeof line,
                     "pond: slab \"%s\" was destroyed with %zu objects of %zu "
                     "bytes still live; their memory stays\n",
                     s->name, live, s->bytes);
    ssize_t written = write(STDERR_FILENO, line, (size_t)n);
    (void)written;
}

void pond_slab_destroy(pond_slab *p)
{
    struct slab *s = slab_of(p);
    if (s == NULL)
        return;
    check(s, "pond_slab_destroy", CALLER);
    size_t live = pond_slab_live(p);
    pthread_mutex_lock(&slabs.lock);
    count_waiting(s, true);
    slab_depot_trim(s, true);
    for (size_t i = 0; i < SLABS_MAX; i++)
        if (slabs.by_index[i] == s)
            slabs.by_index[i] = NULL;
    if (s->prev)
        s->prev->next = s->next;
    else
        slabs.first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    pthread_mutex_unlock(&slabs.lock);
    if (live > 0)
        report(s, live);
    pthread_mutex_destroy(&s->lock);
    s->offset = UINT32_MAX; /* no hand has it */
    s->magic = 0;
    if (debug_on)
        slab_debug_end(s, CALLER);
    else
        block_give(thread_blocks(thread_self), s, 0);
}
