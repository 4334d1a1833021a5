/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slab_debug.c - layer 4: a slab where debug_on: each object is a malloc, and
 * one lock guards them. Objects that outlive their slab stay, and with them
 * what is known of them.
 */
#include "slab.h"

#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Names stay for messages about what has ended. */
static struct name {
    struct name *next;
    char text[NAME_MAX + 1];
} * names;

/* Pools of slabs that were destroyed too early. */
static struct left {
    struct left *next;
    struct debug_pool *pool;
} * lefts;

/* A copy of a name for ever; NULL: no memory. */
static const char *name_keep(const char *text)
{
    struct name *n = names;
    while (n && strncmp(n->text, text, NAME_MAX) != 0)
        n = n->next;
    if (n == NULL) {
        n = calloc(1, sizeof *n);
        if (n == NULL)
            return NULL;
        strncpy(n->text, text, NAME_MAX);
        n->next = names;
        names = n;
    }
    return n->text;
}

static struct slab *make(const char *name)
{
    pthread_mutex_lock(&lock);
    name = name_keep(name);
    pthread_mutex_unlock(&lock);
    struct debug_object *o =
        name ? debug_object_make(NULL, "slab", name, sizeof(struct slab), 64, 0)
             : NULL;
    if (o == NULL)
        return NULL;
    struct slab *s = (struct slab *)(void *)o->ptr;
    memset(s, 0, sizeof *s);
    s->debug = debug_pool_make(NULL, s, "slab", name);
    if (s->debug == NULL) {
        debug_object_end(o, false);
        return NULL;
    }
    return s;
}

struct slab *slab_debug_make(const char *name, const void *caller)
{
    debug_enter(NULL, "pond_slab_create", caller);
    struct slab *s = make(name);
    debug_leave(NULL);
    return s;
}

/* As in the other mode, an object's alignment follows from its size. */
static size_t alignment_of(const struct slab *s)
{
    size_t alignment = s->bytes & -s->bytes;
    return alignment < 4096 ? alignment : 4096;
}

void *slab_debug_alloc(struct slab *s, const void *caller)
{
    debug_enter(NULL, "pond_slab_alloc", caller);
    debug_pool_check(s, "slab", "pond_slab_alloc", caller);
    pthread_mutex_lock(&s->lock);
    void *object = debug_pool_alloc(s->debug, s->asked, alignment_of(s));
    pthread_mutex_unlock(&s->lock);
    debug_leave(NULL);
    return object;
}

void slab_debug_free(struct slab *s, void *object, const void *caller)
{
    debug_enter(NULL, "pond_slab_free", caller);
    debug_pool_check(s, "slab", "pond_slab_free", caller);
    struct debug_object *o =
        debug_pool_find(s->debug, object, "pond_slab_free");
    debug_object_check(o);
    pthread_mutex_lock(&s->lock);
    debug_pool_free(s->debug, o);
    pthread_mutex_unlock(&s->lock);
    debug_leave(NULL);
}

void slab_debug_check(const struct slab *s, const char *call,
                      const void *caller)
{
    debug_pool_check(s, "slab", call, caller);
}

size_t slab_debug_live(struct slab *s)
{
    pthread_mutex_lock(&s->lock);
    size_t n = s->debug->holder.n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

/* Under a checker what is left is for it to report, unless somebody has it. */
void slab_debug_end(struct slab *s, const void *caller)
{
    struct debug_pool *pool = s->debug;
    debug_enter(NULL, "pond_slab_destroy", caller);
    bool keep = pool->holder.n && debug_options.checker == OS_CHECKER_NONE;
    struct left *l = keep ? malloc(sizeof *l) : NULL;
    if (l) {
        pthread_mutex_lock(&lock);
        *l = (struct left){lefts, pool};
        lefts = l;
        pthread_mutex_unlock(&lock);
    }
    debug_object_end(pool->self, false);
    if (!keep)
        debug_pool_forget(pool);
    debug_leave(NULL);
}
