/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_HTTP1_WRITE_H
#define SERVER_HTTP1_WRITE_H
/*
 * http1_write.h - a response as HTTP/1 bytes: the head in one piece of the
 * request's pond, and its body behind it.
 */
#include "loop.h"
#include "output.h"
#include "request.h"
#include "response.h"

/*
 * http1_write - append r to o, as an answer to q.
 * close    say that the connection ends with it
 * Returns the head's length, or 0 when out of memory (o is then of no use)
 */
size_t http1_write(const struct response *r, const struct request *q,
                   bool close, const struct loop_clock *clock,
                   struct output *o);

/*
 * http1_write_last_words - a whole answer without a body, after which the
 * connection ends, for when there is no memory for another.
 * to       room for HTTP1_LAST_WORDS bytes
 * Returns  the answer's length
 */
#define HTTP1_LAST_WORDS 256
size_t http1_write_last_words(char *to, unsigned status,
                              const struct loop_clock *clock);
#endif
