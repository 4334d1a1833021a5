/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_tree.c - layer 3: that one thread at a time is in a tree of ponds.
 *
 * A thread is known by the address of a variable of its own; its number, as
 * the system has it, is for messages only.
 */
#define _GNU_SOURCE
#include "debug.h"

#include <stdlib.h>
#include <unistd.h>

/* What a thread is doing. */
static __thread struct {
    const char *call;
    const void *caller;
    unsigned depth;
} doing __attribute__((tls_model("initial-exec")));

static const void *self(void)
{
    return &doing;
}

const void *debug_caller(void)
{
    return doing.caller;
}

const char *debug_call(void)
{
    return doing.call;
}

void debug_note(const char *call, const void *caller)
{
    if (doing.depth > 0)
        return;
    doing.call = call;
    doing.caller = caller;
}

struct debug_tree *debug_tree_make(void)
{
    return calloc(1, sizeof(struct debug_tree));
}

void debug_tree_ended(struct debug_tree *t)
{
    t->ended = true;
    if (t->depth == 0)
        free(t);
}

void debug_tree_own(struct debug_tree *t)
{
    t->owner = NULL;
    if (t->inside != self()) {
        t->inside = NULL;
        t->depth = 0;
    }
}

void debug_tree_hand_over(struct debug_tree *t)
{
    t->owner = NULL;
}

static const char *name_of(const struct region *r)
{
    return r->debug->holder.name;
}

static void check_owner(const struct region *r, struct debug_tree *t,
                        const char *call)
{
    if (t->owner == NULL) {
        t->owner = self();
        t->owner_id = (long)gettid();
    } else if (t->owner != self()) {
        misuse("%s: pond \"%s\" (%p) belongs to thread %ld, which did not "
               "hand it over (pond_hand_over); this is thread %ld",
               call, name_of(r), (const void *)r, t->owner_id, (long)gettid());
    }
}

struct debug_tree *debug_enter(const struct region *r, const char *call,
                               const void *caller)
{
    debug_note(call, caller);
    doing.depth++;
    if (r == NULL)
        return NULL;
    struct debug_tree *t = r->debug->tree;
    const void *nobody = NULL;
    if (__atomic_load_n(&t->inside, __ATOMIC_ACQUIRE) != self()) {
        if (!__atomic_compare_exchange_n(&t->inside, &nobody, self(), false,
                                         __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
            misuse("%s: two threads are in the tree of pond \"%s\" (%p) at "
                   "once: thread %ld in %s, and this one, %ld",
                   call, name_of(r), (const void *)r, t->inside_id, t->call,
                   (long)gettid());
        t->call = call;
        t->inside_id = (long)gettid();
        if (debug_options.owner)
            check_owner(r, t, call);
    }
    t->depth++;
    if (debug_options.integrity)
        debug_region_check(r);
    return t;
}

void debug_leave(struct debug_tree *t)
{
    if (--doing.depth == 0) {
        doing.call = NULL;
        doing.caller = NULL;
    }
    if (t == NULL || --t->depth > 0)
        return;
    if (t->ended)
        free(t);
    else
        __atomic_store_n(&t->inside, NULL, __ATOMIC_RELEASE);
}
