/* SPDX-License-Identifier: BSD-2-Clause */
/* worker.c - see worker.h. */
#define _GNU_SOURCE 1
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "connection.h"

#define ACCEPT_RETRY_MS 500

/* Memory that lies idle is given back in small steps while there is work and
 * for some steps after it; then the worker sleeps until there is more. */
#define TRIM_MS 250
#define TRIM_US 200
#define CALM_ROUNDS 12

static void on_signal(struct source *s, uint32_t events)
{
    struct worker *w = LIST_OWNER(s, struct worker, signals);
    struct signalfd_siginfo info;

    (void)events;
    /* Acted upon between two rounds, when ending connections is safe. */
    while (read(s->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        w->n_signals++;
}

static void on_stop_expiry(struct deadline *d)
{
    LIST_OWNER(d, struct worker, stop)->n_signals++;
}

static uint64_t work_done(const struct service *s)
{
    return s->n_requests + s->n_accepted + s->n_ended;
}

static void on_trim(struct deadline *d)
{
    struct worker *w = LIST_OWNER(d, struct worker, trim);
    uint64_t work = work_done(&w->service);

    pond_trim(TRIM_US);
    w->calm = work == w->work ? w->calm + 1 : 0;
    w->work = work;
    if (w->calm < CALM_ROUNDS)
        deadline_set(&w->service.loop, &w->trim, DEADLINE_TRIM);
}

static int watch_signals(struct worker *w)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    w->signals = (struct source){.on_event = on_signal, .fd = fd};
    int error = loop_watch(&w->service.loop, &w->signals, EPOLLIN);
    if (error)
        close(fd);
    return error;
}

static void set_delays(struct loop *l, const struct limits *limits)
{
    l->delay_ms[DEADLINE_IDLE] = limits->idle_ms;
    l->delay_ms[DEADLINE_HEAD] = limits->head_ms;
    l->delay_ms[DEADLINE_PROGRESS] = limits->progress_ms;
    l->delay_ms[DEADLINE_LINGER] = limits->linger_ms;
    l->delay_ms[DEADLINE_ACCEPT] = ACCEPT_RETRY_MS;
    l->delay_ms[DEADLINE_TRIM] = TRIM_MS;
    l->delay_ms[DEADLINE_STOP] = limits->stop_ms;
}

/* What is cheaper done once for a whole round. */
static void before_wait(void *arg)
{
    struct worker *w = arg;
    struct service *s = &w->service;

    log_flush(&s->log);
    if (w->n_ended != s->n_ended)
        listener_wake(s);
    w->n_ended = s->n_ended;
    if (w->work != work_done(s) && !deadline_is_set(&w->trim))
        deadline_set(&s->loop, &w->trim, DEADLINE_TRIM);
}

static void begin_to_stop(struct worker *w)
{
    struct service *s = &w->service;

    s->stopping = true;
    listener_end(&w->listener);
    connections_stop(s);
    deadline_set(&s->loop, &w->stop, DEADLINE_STOP);
}

int worker_run(struct worker *w, int listening)
{
    struct service *s = &w->service;
    int error = listener_begin(&w->listener, s, listening);

    while (!error && w->n_signals < 2) {
        if (w->n_signals && !s->stopping)
            begin_to_stop(w);
        if (s->stopping && list_empty(&s->connections))
            break;
        error = loop_round(&s->loop, before_wait, w);
    }
    if (!s->stopping)
        listener_end(&w->listener);
    connections_end(s);
    deadline_clear(&w->stop);
    deadline_clear(&w->trim);
    log_end(&s->log);
    return error;
}

struct worker *worker_create(const struct config *config, int log, int *error)
{
    pond *p = pond_create(NULL, "worker");
    struct worker *w = p ? pond_calloc(p, 1, sizeof(*w)) : NULL;

    *error = ENOMEM;
    if (!w)
        goto failed;
    struct service *s = &w->service;
    w->pond = p;
    s->config = config;
    log_begin(&s->log, log);
    list_init(&s->connections);
    list_init(&s->listeners);
    deadline_init(&w->stop, on_stop_expiry);
    deadline_init(&w->trim, on_trim);
    *error = -loop_open(&s->loop);
    if (*error)
        goto failed;
    set_delays(&s->loop, &config->limits);
    *error = -watch_signals(w);
    if (!*error)
        return w;
    loop_close(&s->loop);
failed:
    pond_destroy(p);
    return NULL;
}

void worker_destroy(struct worker *w)
{
    close(w->signals.fd);
    loop_close(&w->service.loop);
    pond_destroy(w->pond);
}
