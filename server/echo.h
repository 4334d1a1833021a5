/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ECHO_H
#define SERVER_ECHO_H
/*
 * echo.h - the handler that answers with the request's own body, so that
 * framing can be tested from outside. Any method but CONNECT and TRACE.
 */
#include "router.h"

extern const struct handler echo_handler;
#endif
