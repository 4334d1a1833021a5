/* SPDX-License-Identifier: BSD-2-Clause */
/* batch.c - see batch.h. */
#include "batch.h"

#include <string.h>

#define FIRST_BYTES 8192

static struct batch *begin(pond *parent)
{
    pond *p = pond_create(parent, "output");
    struct batch *b = p ? pond_new(p, struct batch) : NULL;

    if (!b) {
        pond_destroy(p);
        return NULL;
    }
    *b = (struct batch){.pond = p};
    return b;
}

static bool make_room(struct batch *b, size_t n)
{
    size_t capacity = b->capacity ? b->capacity : FIRST_BYTES;

    while (capacity - b->used < n)
        capacity *= 2;
    if (capacity == b->capacity)
        return true;
    char *bytes = pond_realloc(b->pond, b->bytes, b->capacity, capacity);
    if (!bytes)
        return false;
    b->bytes = bytes;
    b->capacity = capacity;
    return true;
}

bool batch_add(struct batch **b, pond *parent, struct output *o)
{
    size_t n = 0;

    if (!*b)
        *b = begin(parent);
    for (const struct part *p = o->first; p; p = p->next)
        n += (size_t)p->length;
    if (!*b || !make_room(*b, n))
        return false;
    for (const struct part *p = o->first; p; p = p->next) {
        memcpy((*b)->bytes + (*b)->used, p->bytes, (size_t)p->length);
        (*b)->used += (size_t)p->length;
    }
    (*b)->n_answers++;
    *o = (struct output){0};
    return true;
}

void batch_send(struct batch *b, struct output *o)
{
    if (b->used == 0)
        return;
    b->part =
        (struct part){.next = o->first, .bytes = b->bytes, .length = b->used};
    if (!o->first)
        o->last = &b->part;
    o->first = &b->part;
}

void batch_end(struct batch *b)
{
    if (b)
        pond_destroy(b->pond);
}
