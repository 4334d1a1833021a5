/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slab_depot.c - layer 4: what the threads share of a slab. Magazines, full
 * and empty, and beneath them slices of cells; all under the slab's lock.
 */
#include "slab.h"

#include "os.h"

#define TICK_US 250000u

/* ------------------------------------------------------------- magazines */

static unsigned magazine_class(const struct slab *s)
{
    return s->cap > MAGAZINE_SMALL ? 1 : 0;
}

static struct magazine *magazine_make(struct slab *s)
{
    struct thread *t = thread_get();
    struct block_grant g = block_take(thread_blocks(t), magazine_class(s));
    struct magazine *m = (struct magazine *)(void *)g.base;
    if (m == NULL)
        return NULL;
    m->slab = s;
    m->not_a_pond = 0;
    m->n = 0;
    m->slots[0] = NULL;
    return m;
}

static void magazine_give(struct magazine *m)
{
    block_give(thread_blocks(thread_self), m, magazine_class(m->slab));
}

static struct magazine *pop(struct magazine **list, uint32_t *n)
{
    struct magazine *m = *list;
    if (m) {
        *list = m->next;
        --*n;
    }
    return m;
}

static void push(struct magazine **list, uint32_t *n, struct magazine *m)
{
    m->next = *list;
    *list = m;
    ++*n;
}

/* ---------------------------------------------------------------- slices */

static struct slab_slice *slice_of(struct cells *c)
{
    return (struct slab_slice *)(void *)((char *)c - CELLS_BEFORE);
}

static void slice_unlink(struct slab *s, struct slab_slice *slice)
{
    if (slice->prev)
        slice->prev->next = slice->next;
    else
        s->slices = slice->next;
    if (slice->next)
        slice->next->prev = slice->prev;
}

static void slice_give(struct slab_slice *slice)
{
    char *base = (char *)((uintptr_t)slice & ~(BLOCK_SLICE - 1));
    if (block_lent(base))
        block_give_run(base);
    else
        block_give(thread_blocks(thread_self), base, BLOCK_CLASS_64K);
}

/* Give slices back that cells_back has taken out, linked by next. */
static void slices_give(struct slab_slice *list)
{
    while (list) {
        struct slab_slice *next = list->next;
        slice_give(list);
        list = next;
    }
}

/* Put a free cell back into its slice; one that is empty is added to *empty,
 * to be given back without the lock. */
static void cell_back(struct slab *s, void *cell, struct slab_slice **empty)
{
    struct cells *c = cells_of(cell);
    if (c->owner != s)
        slab_misuse(s, cell);
    enum cells_given given = cells_give(&s->list, cell);
    if (given == CELLS_WRONG)
        slab_misuse(s, cell);
    s->out--;
    if (given == CELLS_EMPTY) {
        struct slab_slice *slice = slice_of(c);
        slice_unlink(s, slice);
        slice->next = *empty;
        *empty = slice;
    }
}

/* The same for all of a magazine, which is empty then. */
static void cells_back(struct slab *s, struct magazine *m,
                       struct slab_slice **empty)
{
    for (uint32_t i = 1; i <= m->n; i++)
        cell_back(s, m->slots[i], empty);
    m->n = 0;
}

/* One more slice; called and returns with the lock held, but not throughout. */
static bool slice_add(struct slab *s)
{
    pthread_mutex_unlock(&s->lock);
    struct thread *t = thread_get();
    struct block_grant g = block_take(thread_blocks(t), BLOCK_CLASS_64K);
    if (g.base == NULL && t) {
        thread_flush(t); /* idle blocks of other classes may make room */
        g = block_take(thread_blocks(t), BLOCK_CLASS_64K);
    }
    pthread_mutex_lock(&s->lock);
    if (g.base == NULL)
        return false;
    struct cells *c = cells_make(&s->list, g.base, s->unit, s, true);
    struct slab_slice *slice = slice_of(c);
    slice->not_a_pond = 0;
    slice->prev = NULL;
    slice->next = s->slices;
    if (slice->next)
        slice->next->prev = slice;
    s->slices = slice;
    return true;
}

/* Up to n cells out of slices; how many. */
static uint32_t cells_get(struct slab *s, void **cells, uint32_t n)
{
    uint32_t got = cells_take(&s->list, cells, n);
    if (got == 0 && slice_add(s))
        got = cells_take(&s->list, cells, n);
    s->out += got;
    return got;
}

/* ----------------------------------------------------------------- trade */

static struct magazine *full_pop(struct slab *s)
{
    struct magazine *m = pop(&s->full, &s->n_full);
    if (s->n_full < s->low)
        s->low = s->n_full;
    return m;
}

struct magazine *slab_depot_fill(struct slab *s, struct magazine *empty)
{
    struct magazine *over = NULL;
    if (empty == NULL && (empty = magazine_make(s)) == NULL)
        return NULL;
    pthread_mutex_lock(&s->lock);
    struct magazine *m = full_pop(s);
    if (m == NULL) {
        m = empty;
        m->n = cells_get(s, m->slots + 1, s->cap);
    } else if (s->n_empty < EMPTY_MOST) {
        push(&s->empty, &s->n_empty, empty);
    } else {
        over = empty;
    }
    pthread_mutex_unlock(&s->lock);
    if (over)
        magazine_give(over);
    return m;
}

/* Have a magazine with the lock held; what is left of it is the caller's to
 * give back without: the magazine itself if it is returned, and *slices. */
static struct magazine *put(struct slab *s, struct magazine *m,
                            struct slab_slice **slices)
{
    if (m->n > 0 && s->n_full >= s->keep)
        cells_back(s, m, slices);
    if (m->n > 0)
        push(&s->full, &s->n_full, m);
    else if (s->n_empty < EMPTY_MOST)
        push(&s->empty, &s->n_empty, m);
    else
        return m;
    return NULL;
}

void slab_depot_put(struct slab *s, struct magazine *m)
{
    struct slab_slice *slices = NULL;
    pthread_mutex_lock(&s->lock);
    m = put(s, m, &slices);
    pthread_mutex_unlock(&s->lock);
    slices_give(slices);
    if (m)
        magazine_give(m);
}

struct magazine *slab_depot_drain(struct slab *s, struct magazine *full)
{
    struct slab_slice *slices = NULL;
    struct magazine *m = NULL;
    pthread_mutex_lock(&s->lock);
    if (full)
        m = put(s, full, &slices);
    if (m == NULL)
        m = pop(&s->empty, &s->n_empty);
    pthread_mutex_unlock(&s->lock);
    slices_give(slices);
    return m ? m : magazine_make(s);
}

void *slab_depot_alloc(struct slab *s)
{
    void *cell = NULL;
    pthread_mutex_lock(&s->lock);
    struct magazine *m = s->full;
    if (m == NULL)
        cells_get(s, &cell, 1);
    else
        cell = m->slots[m->n--];
    bool emptied = m && m->n == 0;
    if (emptied)
        full_pop(s);
    pthread_mutex_unlock(&s->lock);
    if (emptied)
        magazine_give(m);
    return cell;
}

void slab_depot_free(struct slab *s, void *cell)
{
    struct slab_slice *empty = NULL;
    pthread_mutex_lock(&s->lock);
    cell_back(s, cell, &empty);
    pthread_mutex_unlock(&s->lock);
    slices_give(empty);
}

/* ---------------------------------------------------------- giving back */

void slab_depot_trim(struct slab *s, bool all)
{
    struct slab_slice *slices = NULL;
    struct magazine *over = NULL;
    uint32_t now = (uint32_t)(os_now_coarse() / TICK_US), n_over = 0;
    pthread_mutex_lock(&s->lock);
    uint32_t n = all ? s->n_full : now != s->tick ? s->low : 0;
    if (!all && n > TRIM_MAGAZINES)
        n = TRIM_MAGAZINES;
    s->low -= n < s->low ? n : s->low;
    while (n_over < n) {
        struct magazine *m = pop(&s->full, &s->n_full);
        cells_back(s, m, &slices);
        push(&over, &n_over, m);
    }
    while (all && s->empty)
        push(&over, &n_over, pop(&s->empty, &s->n_empty));
    if (s->low == 0) {
        s->low = s->n_full;
        s->tick = now;
    }
    pthread_mutex_unlock(&s->lock);
    slices_give(slices);
    while (over)
        magazine_give(pop(&over, &n_over));
}
