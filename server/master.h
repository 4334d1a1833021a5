/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_MASTER_H
#define SERVER_MASTER_H
/*
 * master.h - what surrounds serving: the folder, the port, the log, the worker,
 * and what is told on standard output at the beginning and at the end.
 */
#include "config.h"

#define EXIT_USAGE 2 /* told something that cannot be done */

/* Serve as configured (and finished) until a signal ends it; the configuration
 * ends with it. Returns the exit status of the process; what went wrong has
 * been said. */
int master_run(struct config *c);
#endif
