/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_BATCH_H
#define SERVER_BATCH_H
/*
 * batch.h - small answers copied one behind the other into a pond of their
 * own, so that the requests they belong to can end before they are sent.
 */
#include <pond/pond.h>

#include "output.h"

struct batch {
    pond *pond;
    struct part part; /* what is handed to the output */
    char *bytes;
    size_t used;
    size_t capacity;
    unsigned n_answers;
};

/*
 * batch_add - copy all of o, which holds memory alone, and empty it.
 * *b       made in a child of parent where it is NULL
 * Returns  false when out of memory, and o is as it was
 */
bool batch_add(struct batch **b, pond *parent, struct output *o);

/* Put what was gathered before what is in o. It must live until that is sent;
 * then end it. */
void batch_send(struct batch *b, struct output *o);
void batch_end(struct batch *b);
#endif
