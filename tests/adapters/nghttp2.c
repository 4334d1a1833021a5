/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nghttp2.c - an HTTP/2 client and server in one process, who exchange
 * requests and answers through memory. Both live in the adapter's heap.
 */
#include "adapter.h"

#include <nghttp2/nghttp2.h>

enum { BODY = 5000, AT_ONCE = 10 };

/* A table of functions. nghttp2 takes it from malloc, once in a process. */
static nghttp2_session_callbacks *client_calls, *server_calls;

/* What the callbacks are to know and to find out; of a client or a server. */
struct side {
    nghttp2_session *session;
    size_t body_bytes; /* received */
    size_t n_closed;   /* streams */
    bool out_of_memory;
    bool broken; /* a stream ended with an error */
};

#define FIELD(name, value)                                                     \
    {                                                                          \
        (uint8_t *)(uintptr_t)(name), (uint8_t *)(uintptr_t)(value),           \
            sizeof(name) - 1, sizeof(value) - 1, NGHTTP2_NV_FLAG_NONE          \
    }

/* ------------------------------------------------------------- callbacks */

static ssize_t give_body(nghttp2_session *session, int32_t stream, uint8_t *to,
                         size_t room, uint32_t *flags,
                         nghttp2_data_source *source, void *side)
{
    (void)session, (void)stream, (void)side;
    size_t left = (size_t)source->fd, n = left < room ? left : room;
    memset(to, 'x', n);
    source->fd -= (int)n;
    if (source->fd == 0)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

static int server_got_frame(nghttp2_session *session,
                            const nghttp2_frame *frame, void *user)
{
    struct side *server = user;
    if (frame->hd.type != NGHTTP2_HEADERS ||
        !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
        return 0;
    const nghttp2_nv fields[] = {FIELD(":status", "200"),
                                 FIELD("server", "pond"),
                                 FIELD("content-type", "text/plain")};
    nghttp2_data_provider body = {{.fd = BODY}, give_body};
    int result = nghttp2_submit_response(session, frame->hd.stream_id, fields,
                                         COUNT(fields), &body);
    CHECK(result == 0 || result == NGHTTP2_ERR_NOMEM);
    server->out_of_memory |= result == NGHTTP2_ERR_NOMEM;
    return result == 0 ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int client_got_body(nghttp2_session *session, uint8_t flags,
                           int32_t stream, const uint8_t *data, size_t n,
                           void *user)
{
    (void)session, (void)flags, (void)stream;
    struct side *client = user;
    CHECK(n > 0 && data[0] == 'x' && data[n - 1] == 'x');
    client->body_bytes += n;
    return 0;
}

static int closed(nghttp2_session *session, int32_t stream, uint32_t error,
                  void *user)
{
    (void)session, (void)stream;
    struct side *side = user;
    side->broken |= error != NGHTTP2_NO_ERROR;
    side->n_closed++;
    return 0;
}

void nghttp2_begin(void)
{
    CHECK(nghttp2_session_callbacks_new(&client_calls) == 0);
    CHECK(nghttp2_session_callbacks_new(&server_calls) == 0);
    nghttp2_session_callbacks_set_on_frame_recv_callback(server_calls,
                                                         server_got_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(client_calls,
                                                              client_got_body);
    nghttp2_session_callbacks_set_on_stream_close_callback(client_calls,
                                                           closed);
    nghttp2_session_callbacks_set_on_stream_close_callback(server_calls,
                                                           closed);
}

void nghttp2_end(void)
{
    nghttp2_session_callbacks_del(client_calls);
    nghttp2_session_callbacks_del(server_calls);
}

/* --------------------------------------------------------------- memory */

static void *allocate(size_t size, void *adapter)
{
    return adapter_alloc(adapter, size);
}

static void *allocate_zeroed(size_t count, size_t size, void *adapter)
{
    return adapter_calloc(adapter, count, size);
}

static void *reallocate(void *ptr, size_t size, void *adapter)
{
    return adapter_realloc(adapter, ptr, size);
}

static void release(void *ptr, void *adapter)
{
    adapter_free(adapter, ptr);
}

/* ------------------------------------------------------------------ work */

/* What a call of nghttp2 returned; false: it was out of memory. */
static bool good(const struct side *side, ssize_t result)
{
    bool out = result == NGHTTP2_ERR_NOMEM ||
               (result == NGHTTP2_ERR_CALLBACK_FAILURE && side->out_of_memory);
    if (result < 0 && !out)
        fail_msg("nghttp2: %s", nghttp2_strerror((int)result));
    return !out;
}

/* Bring what one side has to say to the other; false: out of memory. */
static bool carry(struct side *from, struct side *to, bool *any)
{
    const uint8_t *bytes;
    ssize_t n;
    while ((n = nghttp2_session_mem_send(from->session, &bytes)) > 0) {
        *any = true;
        ssize_t taken = nghttp2_session_mem_recv(to->session, bytes, (size_t)n);
        if (!good(to, taken))
            return false;
        CHECK(taken == n);
    }
    return good(from, n);
}

static bool begin(struct side *side, nghttp2_mem *mem, bool is_server)
{
    int result = is_server
                     ? nghttp2_session_server_new3(&side->session, server_calls,
                                                   side, NULL, mem)
                     : nghttp2_session_client_new3(&side->session, client_calls,
                                                   side, NULL, mem);
    return good(side, result) &&
           good(side, nghttp2_submit_settings(side->session, NGHTTP2_FLAG_NONE,
                                              NULL, 0));
}

static bool submit(struct side *client, size_t i)
{
    char path[] = "/pages/0000";
    snprintf(path + 7, 5, "%04zu", i % 10000);
    const nghttp2_nv fields[] = {
        FIELD(":method", "GET"), FIELD(":scheme", "http"),
        FIELD(":authority", "example.org"), FIELD(":path", path),
        FIELD("user-agent", "a test of adapters")};
    return good(client, nghttp2_submit_request(client->session, NULL, fields,
                                               COUNT(fields), NULL, NULL));
}

static bool exchange(struct side *client, struct side *server, size_t n)
{
    bool any = true;
    size_t asked = 0;
    while (any) {
        for (size_t i = 0; i < AT_ONCE && asked < n; i++, asked++)
            if (!submit(client, asked))
                return false;
        any = false;
        if (!carry(client, server, &any) || !carry(server, client, &any))
            return false;
    }
    /* Some refusals it answers by ending the connection. */
    return !client->broken && !server->broken && client->n_closed == n &&
           server->n_closed == n && client->body_bytes == n * BODY;
}

enum outcome nghttp2_work(struct adapter *a, size_t percent, enum ending ending)
{
    nghttp2_mem mem = {a, allocate, release, allocate_zeroed, reallocate};
    struct side client = {0}, server = {0};
    size_t requests = percent * 2;
    bool done = begin(&client, &mem, false) && begin(&server, &mem, true) &&
                exchange(&client, &server, requests);
    if (ending == CLOSE) {
        nghttp2_session_del(client.session);
        nghttp2_session_del(server.session);
    }
    CHECK(done || a->refused > 0);
    return done ? DONE : OUT_OF_MEMORY;
}
