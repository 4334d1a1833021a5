/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REGION_KEPT_H
#define REGION_KEPT_H
/*
 * region_kept.h - layer 3, for pond.c: the ended ponds that a thread keeps for
 * its next ones, see struct kept. They are dead and linked to nothing; their
 * fields are those of an empty root, but for cur and the magic.
 */
#include "region.h"

static inline void kept_count(struct kept *k, unsigned n)
{
    __atomic_store_n(&k->n, (uint8_t)n, __ATOMIC_RELAXED);
}

static inline void kept_set_newest(struct kept *k, struct region *r)
{
    __atomic_store_n(&k->newest, r, __ATOMIC_RELAXED);
}

static inline struct region *kept_take_older(struct kept *k)
{
    struct region *r = k->older;
    if (r) {
        k->older = r->next;
        kept_count(k, k->n - 1u);
    }
    return r;
}

static inline void kept_put_older(struct kept *k, struct region *r)
{
    r->next = k->older;
    k->older = r;
    kept_count(k, k->n + 1u);
}

/* A pond out of those kept, or NULL; not alive yet. */
static inline struct region *kept_take(struct kept *k)
{
    struct region *r = k->newest;
    if (r == NULL)
        return kept_take_older(k);
    kept_set_newest(k, NULL);
    return r;
}

/* Whether the newest place is free or can be made so. */
static inline bool kept_make_room(struct kept *k)
{
    if (k->newest == NULL)
        return true;
    if (k->n + 1 >= k->cap)
        return false;
    kept_put_older(k, k->newest);
    return true;
}

/* Begin the life of one that was kept. */
static inline void region_revive(struct region *r)
{
    r->magic ^= MAGIC_LIVE ^ MAGIC_DEAD;
    r->head.cur = region_start(r);
}

/* End it: nothing can be had from it, and end is where the next life wants it.
 * The magic is made anew, so that this one's store need not wait for the
 * last. */
static inline void region_kill(struct region *r)
{
    r->magic = region_live ^ MAGIC_LIVE ^ MAGIC_DEAD ^ (uintptr_t)r;
    r->head.cur = r->head.end;
}

/* Where a thread remembers a name. The golden ratio: the neighbours among names
 * scatter, and so do those that are aligned. */
static inline unsigned slot_of(const char *name)
{
    return (uint32_t)(uintptr_t)name * 2654435769u >> 26;
}
_Static_assert(NAME_SLOTS == 1 << (32 - 26), "as many as slot_of tells apart");

/* What a thread keeps of the class of this name. A slot remembers only names
 * that are wide, so that the short way need not ask. */
struct kept *kept_find(struct thread *t, const char *name);

/* Keep an ended region; false: there is no room. One of a size by option does
 * not become the newest, which is taken by whoever wants the learned one. */
bool kept_put(struct thread *t, struct kept *k, struct region *r);

/* A pond with such a first block out of the stock, or NULL; the rest of its
 * chain is kept, where nothing else is. */
struct region *kept_restock(struct thread *t, struct kept *k, unsigned index,
                            unsigned first);

#endif
