/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_PROXY_H
#define SERVER_PROXY_H
/*
 * proxy.h - the PROXY protocol, versions 1 and 2: a header by which a proxy
 * tells whom it speaks for, before the first request.
 */
#include "trust.h"

/* The longest header that is taken, with all that version 2 may append. */
#define PROXY_BYTES 1024

/*
 * proxy_parse - look at what has come so far.
 * *p       set when the header tells an address
 * Returns  the header's length; 0: more is needed; -1: it is none
 */
int proxy_parse(const char *bytes, size_t n, union peer *p);
#endif
