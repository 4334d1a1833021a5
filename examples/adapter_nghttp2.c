/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adapter_nghttp2.c - an HTTP/2 session in the heap of its connection.
 *
 *     cc adapter_nghttp2.c $(pkg-config --cflags --libs pond libnghttp2)
 *
 * Streams, header tables and frames count towards the connection's limit and
 * end with it, whatever state the session is in. See adapters.c for others.
 */
#include <nghttp2/nghttp2.h>
#include <pond/heap.h>
#include <stdio.h>

static void *h2_malloc(size_t size, void *heap)
{
    return pond_heap_alloc(heap, size);
}

static void h2_free(void *ptr, void *heap)
{
    pond_heap_free(heap, ptr);
}

static void *h2_calloc(size_t count, size_t size, void *heap)
{
    return pond_heap_calloc(heap, count, size);
}

static void *h2_realloc(void *ptr, size_t size, void *heap)
{
    return pond_heap_realloc(heap, ptr, size);
}

/* Ask for a page; the bytes to send, or an error of nghttp2's. */
static ssize_t ask(nghttp2_session *session, const uint8_t **bytes)
{
#define FIELD(name, value)                                                     \
    {(uint8_t *)name, (uint8_t *)value, sizeof name - 1, sizeof value - 1, 0}
    nghttp2_nv field[] = {FIELD(":method", "GET"), FIELD(":scheme", "https"),
                          FIELD(":authority", "example.org"),
                          FIELD(":path", "/")};
    int result = nghttp2_submit_settings(session, 0, NULL, 0);
    if (result == 0)
        result = nghttp2_submit_request(session, NULL, field, 4, NULL, NULL);
    return result < 0 ? result : nghttp2_session_mem_send(session, bytes);
}

/* One connection, with so much memory at most. */
static void connect_within(size_t limit, nghttp2_session_callbacks *calls)
{
    pond *connection = pond_create(NULL, "connection");
    if (connection == NULL)
        return;
    pond_limit(connection, limit);
    pond_heap *heap = pond_heap_create(connection);
    nghttp2_mem mem = {heap, h2_malloc, h2_free, h2_calloc, h2_realloc};
    nghttp2_session *session;
    const uint8_t *bytes;
    ssize_t n = NGHTTP2_ERR_NOMEM;
    if (heap != NULL)
        n = nghttp2_session_client_new3(&session, calls, NULL, NULL, &mem);
    if (n == 0)
        n = ask(session, &bytes);
    puts(n > 0 ? "bytes to send" : nghttp2_strerror((int)n));
    pond_destroy(connection); /* no nghttp2_session_del */
}

int main(void)
{
    nghttp2_session_callbacks *calls; /* by malloc, once for all connections */
    if (nghttp2_session_callbacks_new(&calls) != 0)
        return 1;
    connect_within(64 * 1024, calls);
    connect_within(4 * 1024, calls);
    nghttp2_session_callbacks_del(calls);
    printf("%zu ponds left\n", pond_process_usage_get().n_ponds);
    return 0;
}

/* Prints:
bytes to send
Out of memory
0 ponds left
*/
