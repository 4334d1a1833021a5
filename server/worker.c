/* SPDX-License-Identifier: BSD-2-Clause */
/* worker.c - see worker.h. */
#define _GNU_SOURCE 1
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "connection.h"

#define ACCEPT_RETRY_MS 500

/* Listeners, signals, the log, files on their way, connections refused. */
#define OWN_DESCRIPTORS 64

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

static int begin_listeners(struct worker *w, const int *listening)
{
    const struct listen *l = w->service.config->listens;
    int error = 0;

    for (; l && !error; l = l->next, w->n_listeners++)
        error = listener_begin(&w->listeners[w->n_listeners], &w->service,
                               listening[w->n_listeners], l->proxied);
    return error;
}

static void end_listeners(struct worker *w)
{
    for (size_t i = 0; i < w->n_listeners; i++)
        listener_end(&w->listeners[i]);
}

/* As many as there are descriptors for, less those that we need ourselves. */
static void set_shares(struct service *s)
{
    const struct limits *l = &s->config->limits;
    struct rlimit files = {.rlim_cur = 1024};

    getrlimit(RLIMIT_NOFILE, &files);
    size_t all =
        files.rlim_cur > 1000000000 ? 1000000000 : (size_t)files.rlim_cur;
    size_t kept = l->cached_files < all / 4 ? l->cached_files : all / 4;
    size_t own = kept + OWN_DESCRIPTORS;
    own = own < all / 2 ? own : all / 2;
    s->max_connections = l->connections ? l->connections : all - own;
    s->cache.max_files = kept;
}

static void begin_to_stop(struct worker *w)
{
    struct service *s = &w->service;

    s->stopping = true;
    end_listeners(w);
    connections_stop(s);
    deadline_set(&s->loop, &w->stop, DEADLINE_STOP);
}

int worker_run(struct worker *w, const int *listening)
{
    struct service *s = &w->service;
    int error = begin_listeners(w, listening);

    while (!error && w->n_signals < 2) {
        if (w->n_signals && !s->stopping)
            begin_to_stop(w);
        if (s->stopping && list_empty(&s->connections))
            break;
        error = loop_round(&s->loop, before_wait, w);
    }
    if (!s->stopping)
        end_listeners(w);
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
    size_t n = 0;
    for (const struct listen *l = config->listens; l; l = l->next)
        n++;
    w->listeners = pond_calloc(p, n, sizeof(*w->listeners));
    if (!w->listeners ||
        !cache_begin(&s->cache, p, config->limits.cached_files,
                     config->limits.cached_bytes, config->limits.cached_ms))
        goto failed;
    set_shares(s);
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
    cache_end(&w->service.cache);
    census_end(&w->service.census);
    close(w->signals.fd);
    loop_close(&w->service.loop);
    pond_destroy(w->pond);
}
