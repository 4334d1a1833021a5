/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H
/*
 * service.h - what all listeners and connections of one worker share. The
 * worker owns it.
 */
#include "cache.h"
#include "census.h"
#include "config.h"
#include "log.h"
#include "loop.h"

struct service {
    const struct config *config;
    struct loop loop;
    struct log log;
    struct cache cache;
    struct census census; /* while there is a limit per address */
    struct link connections;
    size_t max_connections;
    uint64_t n_accepted;   /* connections, ever */
    uint64_t n_ended;      /* of them */
    uint64_t n_requests;   /* answered, refusals among them */
    bool stopping;         /* no connection is kept after its answer */
    struct link listeners; /* those that wait for descriptors */
};
#endif
