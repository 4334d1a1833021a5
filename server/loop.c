/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.c - see loop.h. */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#define EVENTS_A_ROUND 256

static void clock_update(struct loop_clock *c)
{
    struct timespec mono, real;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &mono);
    clock_gettime(CLOCK_REALTIME_COARSE, &real);
    c->ms = (uint64_t)mono.tv_sec * 1000 + (uint64_t)mono.tv_nsec / 1000000;
    if (c->now == real.tv_sec && c->http[0])
        return;
    c->now = real.tv_sec;
    date_format_http(c->now, c->http);
    date_format_log(c->now, c->log);
}

int loop_open(struct loop *l)
{
    *l = (struct loop){.epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (l->epoll < 0)
        return -errno;
    list_init(&l->again);
    for (int kind = 0; kind < DEADLINE_KINDS; kind++)
        list_init(&l->deadlines[kind]);
    clock_update(&l->clock);
    return 0;
}

void loop_close(struct loop *l)
{
    close(l->epoll);
    l->epoll = -1;
}

static int control(struct loop *l, int op, struct source *s, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = s};

    return epoll_ctl(l->epoll, op, s->fd, &event) ? -errno : 0;
}

int loop_watch(struct loop *l, struct source *s, uint32_t events)
{
    list_init(&s->again);
    return control(l, EPOLL_CTL_ADD, s, events);
}

int loop_rewatch(struct loop *l, struct source *s, uint32_t events)
{
    return control(l, EPOLL_CTL_MOD, s, events);
}

void loop_forget(struct source *s)
{
    list_remove(&s->again);
}

void loop_again(struct loop *l, struct source *s)
{
    if (list_empty(&s->again))
        list_append(&l->again, &s->again);
}

void deadline_init(struct deadline *d, void (*on_expiry)(struct deadline *))
{
    list_init(&d->link);
    d->on_expiry = on_expiry;
    d->at_ms = 0;
}

void deadline_set(struct loop *l, struct deadline *d, enum deadline_kind kind)
{
    struct link *head = &l->deadlines[kind], *before = head->prev;

    list_remove(&d->link);
    before = head->prev;
    d->at_ms = l->clock.ms + l->delay_ms[kind];
    /* One delay a kind: the end of the list is nearly always the place. */
    while (before != head &&
           LIST_OWNER(before, struct deadline, link)->at_ms > d->at_ms)
        before = before->prev;
    list_insert_after(before, &d->link);
}

void deadline_clear(struct deadline *d)
{
    list_remove(&d->link);
}

bool deadline_is_set(const struct deadline *d)
{
    return !list_empty(&d->link);
}

/* Milliseconds until the earliest deadline; -1: there is none. */
static int time_to_wait(const struct loop *l)
{
    uint64_t earliest = UINT64_MAX;

    if (!list_empty(&l->again))
        return 0;
    for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
        const struct link *head = &l->deadlines[kind];
        if (list_empty(head))
            continue;
        uint64_t at = LIST_OWNER(head->next, struct deadline, link)->at_ms;
        earliest = at < earliest ? at : earliest;
    }
    if (earliest == UINT64_MAX)
        return -1;
    if (earliest <= l->clock.ms)
        return 0;
    /* One more than the rest, for the clock's coarse grain. */
    uint64_t wait = earliest - l->clock.ms + 1;
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

static void expire(struct loop *l, enum deadline_kind kind)
{
    struct link *head = &l->deadlines[kind];

    while (!list_empty(head)) {
        struct deadline *d = LIST_OWNER(head->next, struct deadline, link);
        if (d->at_ms > l->clock.ms)
            return;
        list_remove(&d->link);
        d->on_expiry(d);
    }
}

int loop_round(struct loop *l, void (*before_wait)(void *), void *arg)
{
    struct epoll_event events[EVENTS_A_ROUND];
    struct link again;

    before_wait(arg);
    int n = epoll_wait(l->epoll, events, EVENTS_A_ROUND, time_to_wait(l));
    if (n < 0 && errno != EINTR)
        return -errno;
    clock_update(&l->clock);
    /* Those who asked before this round; who asks now waits for the next. */
    list_take_all(&again, &l->again);
    for (int i = 0; i < n; i++) {
        struct source *s = events[i].data.ptr;
        list_remove(&s->again);
        s->on_event(s, events[i].events);
    }
    while (!list_empty(&again)) {
        struct source *s = LIST_OWNER(again.next, struct source, again);
        list_remove(&s->again);
        s->on_event(s, 0);
    }
    for (int kind = 0; kind < DEADLINE_KINDS; kind++)
        expire(l, (enum deadline_kind)kind);
    return 0;
}
