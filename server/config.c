/* SPDX-License-Identifier: BSD-2-Clause */
/* config.c - see config.h. */
#include "config.h"

static const struct limits default_limits = {
    .request_line = 8192,
    .field_block = 32768,
    .fields = 100,
    .body = 1048576,
    .head_ms = 10000,
    .progress_ms = 30000,
    .idle_ms = 60000,
    .linger_ms = 2000,
    .linger_bytes = 65536,
    .stop_ms = 5000,
    .batch_bytes = 65536,
    .batch_answers = 32,
};

struct config *config_create(void)
{
    pond *p = pond_create(NULL, "config");
    struct config *c = p ? pond_new(p, struct config) : NULL;

    if (!c) {
        pond_destroy(p);
        return NULL;
    }
    *c = (struct config){.pond = p,
                         .address = "127.0.0.1",
                         .port = 8080,
                         .root = ".",
                         .limits = default_limits};
    return c;
}

void config_destroy(struct config *c)
{
    if (c)
        pond_destroy(c->pond);
}
