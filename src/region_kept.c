/* SPDX-License-Identifier: BSD-2-Clause */
/* region_kept.c - layer 3: what of the ended ponds is kept. See region_kept.h.
 */
#include "region_kept.h"

#include <string.h>

void region_kept_flush(struct thread *t, struct kept *k)
{
    struct region *r;
    while ((r = kept_take(k)) != NULL)
        region_discard(t, r);
    t->kept_paid -= k->cap * block_bytes(k->first);
    k->cap = 0;
    k->takes = KEPT_NONE;
}

/* One more place for ponds with such a first block; false: enough is kept. */
static bool kept_grow(struct thread *t, struct kept *k, unsigned first)
{
    if (k->first != first) {
        region_kept_flush(t, k);
        __atomic_store_n(&k->first, (uint8_t)first, __ATOMIC_RELAXED);
    }
    size_t bytes = block_bytes(first);
    if (k->cap == KEPT_MAX || t->kept_paid + bytes > block_cache_bound() / 4)
        return false;
    t->kept_paid += bytes;
    k->cap++;
    return true;
}

static void discard_chain(struct thread *t, struct region *chain)
{
    while (chain) {
        struct region *r = chain;
        chain = r->next;
        region_discard(t, r);
    }
}

void region_stock_flush(struct thread *t)
{
    struct region *chain;
    for (unsigned c = 0; c <= CLASSES_MAX; c++)
        while ((chain = stock_take(c)) != NULL)
            discard_chain(t, chain);
}

/* Let other threads have half of the older ones; false: the stock is full. */
static bool kept_share(struct kept *k, unsigned index)
{
    unsigned n = (k->n + 1u) / 2;
    if (n > STOCK_CHAIN)
        n = STOCK_CHAIN;
    if (n == 0)
        return false;
    struct region *chain = k->older, *last = chain;
    for (unsigned i = 1; i < n; i++)
        last = last->next;
    struct region *rest = last->next;
    last->next = NULL;
    if (!stock_put(index, chain, n)) {
        last->next = rest;
        return false;
    }
    k->older = rest;
    kept_count(k, k->n - n);
    return true;
}

struct region *kept_restock(struct thread *t, struct kept *k, unsigned index,
                            unsigned first)
{
    struct region *r = stock_take(index);
    if (r == NULL)
        return NULL;
    if (r->first != first) {
        discard_chain(t, r);
        return NULL;
    }
    struct region *rest = r->next;
    while (rest) {
        if (k->first != first || k->n + 1 >= k->cap) {
            if (!kept_grow(t, k, first))
                break;
            continue; /* the first place is the newest's */
        }
        struct region *next = rest->next;
        kept_put_older(k, rest);
        rest = next;
    }
    discard_chain(t, rest);
    return r;
}

struct kept *kept_find(struct thread *t, const char *name)
{
    unsigned slot = slot_of(name);
    if (t->names[slot] == name && kept_is(t->named[slot], name))
        return t->named[slot];
    struct pond_class *class = class_find(name);
    struct kept *k = &t->kept[class->index];
    k->class = class;
    memcpy(k->name, class->name, NAME_SHORT);
    k->mask = class->mask;
    if (name_is_wide(name)) {
        t->names[slot] = name;
        t->named[slot] = k;
    }
    return k;
}

bool kept_put(struct thread *t, struct kept *k, struct region *r)
{
    bool learned = r->first == class_first(k->class);
    if (k->first != r->first && (k->newest || k->older))
        return false;
    while (k->first != r->first || k->cap == 0 ||
           !(learned ? kept_make_room(k) : k->n + 1 < k->cap))
        if (!kept_grow(t, k, r->first) && !kept_share(k, r->index))
            return false;
    r->parent = NULL;
    r->zero_from = r->head.end = r->real_end;
    region_kill(r);
    if (learned)
        kept_set_newest(k, r);
    else
        kept_put_older(k, r);
    k->takes = k->rise | k->fall ? KEPT_NONE : r->state;
    return true;
}
