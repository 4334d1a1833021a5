/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prelude.h - what a piece of code in the documentation may take for granted,
 * when it is not a whole program.
 */
#ifndef PRELUDE_H
#define PRELUDE_H
#include <fcntl.h>
#include <limits.h>
#include <memory_poll.h>
#include <pond/fixed.h>
#include <pond/heap.h>
#include <pond/pond.h>
#include <pond/slab.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <syslog.h>
#include <unistd.h>

extern const char *root, *name;
extern pond *request;
extern int loop;
extern struct epoll_event events[64];
void answer(int status);
bool parse_numbers(long *numbers, const char *text);
#endif
