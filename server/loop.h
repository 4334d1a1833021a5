/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H
/*
 * loop.h - waiting: for descriptors, for deadlines, for a next turn. Knows
 * nothing of connections or HTTP.
 *
 * Everything is intrusive: a source and its deadline lie in the structure that
 * waits, so waiting allocates nothing. One loop belongs to one thread.
 *
 * Descriptors are watched edge-triggered unless asked otherwise: a source is
 * told once, and goes on until the kernel says EAGAIN. A source that has had
 * its share asks for another turn with loop_again.
 *
 * Within on_event and on_expiry a source may end itself, but no other one:
 * events for others may already have been fetched.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

#include "date.h"
#include "list.h"

struct source {
    /* events: of epoll, or 0 for the turn asked for with loop_again */
    void (*on_event)(struct source *s, uint32_t events);
    struct link again; /* on the list of those who want another turn */
    int fd;
};

/* What is waited for. Each kind has one delay, and so one ordered list. */
enum deadline_kind {
    DEADLINE_IDLE,     /* a next request */
    DEADLINE_HEAD,     /* the end of a request's head */
    DEADLINE_PROGRESS, /* some bytes of a body, in or out */
    DEADLINE_LINGER,   /* a client to read our last words */
    DEADLINE_ACCEPT,   /* descriptors to become free */
    DEADLINE_TRIM,     /* the next moment to give memory back */
    DEADLINE_STOP,     /* the last answers before the end */
    DEADLINE_KINDS
};

struct deadline {
    void (*on_expiry)(struct deadline *d);
    struct link link; /* on its kind's list, earliest first */
    uint64_t at_ms;
};

/* The time, read once for each round of the loop. */
struct loop_clock {
    uint64_t ms; /* since some moment, never going back */
    time_t now;
    char http[DATE_HTTP_LENGTH + 1];
    char log[DATE_LOG_LENGTH + 1];
};

struct loop {
    int epoll;
    struct link again;
    struct link deadlines[DEADLINE_KINDS];
    unsigned delay_ms[DEADLINE_KINDS];
    struct loop_clock clock;
};

/* Returns 0 or -errno. Set delay_ms after it. */
int loop_open(struct loop *l);
void loop_close(struct loop *l);

/* Watch s->fd for events, as epoll names them; returns 0 or -errno. A
 * descriptor that is closed is no longer watched; call loop_forget for its
 * source then. */
int loop_watch(struct loop *l, struct source *s, uint32_t events);
int loop_rewatch(struct loop *l, struct source *s, uint32_t events);
void loop_forget(struct source *s);

/* Call s->on_event(s, 0) in the next round, which then does not wait. */
void loop_again(struct loop *l, struct source *s);

/* A deadline has to be begun once; setting it again moves it. */
void deadline_init(struct deadline *d, void (*on_expiry)(struct deadline *));
void deadline_set(struct loop *l, struct deadline *d, enum deadline_kind kind);
void deadline_clear(struct deadline *d);
bool deadline_is_set(const struct deadline *d);

/* Wait and serve once. Returns 0 or -errno. before_wait(arg) is called before
 * each wait: the moment for what can be put off. */
int loop_round(struct loop *l, void (*before_wait)(void *), void *arg);
#endif
