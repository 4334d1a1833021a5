/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H
/*
 * worker.h - one process's event loop over its listeners and connections, from
 * its start until a signal ends it.
 */
#include "listener.h"

struct worker {
    pond *pond;
    struct service service;
    struct listener *listeners; /* as many as config->listens */
    size_t n_listeners;
    struct source signals; /* a signalfd */
    struct deadline stop;
    unsigned n_signals; /* the first ends it gently, the second at once */
    uint64_t n_ended;   /* connections, when listeners were last woken */
    struct deadline trim;
    uint64_t work; /* all done, when memory was last given back */
    unsigned calm; /* rounds of giving back since anything was done */
};

/*
 * worker_create - be ready to serve.
 * log      a descriptor that lives longer than the worker
 * Returns  NULL on failure, and *error is an errno
 */
struct worker *worker_create(const struct config *config, int log, int *error);

/*
 * worker_run - serve until SIGINT or SIGTERM, which have to be blocked.
 * listening  a socket for each of config->listens, owned from now on
 * Returns    0, or -errno when it could not go on
 */
int worker_run(struct worker *w, const int *listening);
void worker_destroy(struct worker *w);
#endif
