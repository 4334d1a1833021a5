/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_LIST_H
#define SERVER_LIST_H
/*
 * list.h - circular lists whose links lie inside their members, so that being
 * on a list costs no memory and leaving it no search. A link on no list points
 * to itself.
 */
#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *next;
    struct link *prev;
};

/* The structure that a member lies in. */
#define LIST_OWNER(link, type, member)                                         \
    ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void list_init(struct link *l)
{
    l->next = l->prev = l;
}

static inline bool list_empty(const struct link *head)
{
    return head->next == head;
}

static inline void list_insert_after(struct link *where, struct link *l)
{
    l->prev = where;
    l->next = where->next;
    where->next->prev = l;
    where->next = l;
}

static inline void list_append(struct link *head, struct link *l)
{
    list_insert_after(head->prev, l);
}

/* Also right for a link that is on no list. */
static inline void list_remove(struct link *l)
{
    l->prev->next = l->next;
    l->next->prev = l->prev;
    list_init(l);
}

/* Move all members of from to the empty list to. */
static inline void list_take_all(struct link *to, struct link *from)
{
    list_init(to);
    if (list_empty(from))
        return;
    *to = *from;
    to->next->prev = to;
    to->prev->next = to;
    list_init(from);
}
#endif
