/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_field.c - the server's readers of single values, each with bytes of a
 * client's in a place of their own, so that a step beyond them is seen. What is
 * said about them must make sense: a range lies in its file, a date reads back
 * as it was written, a path does not leave its folder.
 */
#include "fuzz.h"
#include "support.h"

#include <netinet/in.h>

#include "condition.h"
#include "date.h"
#include "encoding.h"
#include "escape.h"
#include "http1_chunk.h"
#include "http1_scan.h"
#include "mime.h"
#include "proxy.h"
#include "range.h"
#include "request.h"
#include "trust.h"

static void try_range(struct text t, pond *p)
{
    struct range ranges[RANGES];
    size_t n;
    (void)p;
    for (uint64_t size = 1; size <= 1000000; size *= 1000) {
        enum range_result result = range_parse(t, size, ranges, &n);
        CHECK(n <= RANGES && (n > 0 || result != RANGE_PARTS));
        for (size_t i = 0; result == RANGE_PARTS && i < n; i++) {
            const struct range *r = &ranges[i];
            CHECK(r->length > 0 && r->from < size);
            CHECK(r->length <= size - r->from);
            for (size_t k = 0; k < i; k++)
                CHECK(r->from >= ranges[k].from + ranges[k].length ||
                      ranges[k].from >= r->from + r->length);
        }
    }
}

static void try_date(struct text t, pond *p)
{
    time_t when, again;
    char written[DATE_HTTP_LENGTH + 1];
    (void)p;
    if (!date_parse_http(t, &when))
        return;
    date_format_http(when, written);
    CHECK(date_parse_http(text_of(written), &again) && again == when);
}

/* Each field a line: its name, a colon, its value. */
static void take_fields(struct request *q, struct text t)
{
    q->fields = pond_calloc(q->pond, 16, sizeof *q->fields);
    CHECK(q->fields);
    while (t.length > 0 && q->n_fields < 16) {
        const char *end = memchr(t.at, '\n', t.length);
        struct text line = {t.at, end ? (size_t)(end - t.at) : t.length};
        const char *colon = memchr(line.at, ':', line.length);
        t.at += line.length + (end != NULL);
        t.length -= line.length + (end != NULL);
        if (!colon)
            continue;
        struct field *f = &q->fields[q->n_fields++];
        f->name = text_between(line.at, colon);
        f->value = text_trim(text_between(colon + 1, line.at + line.length));
    }
}

static void try_fields(struct text t, pond *p)
{
    struct request q = {.pond = p, .method = METHOD_GET, .version = 11};
    take_fields(&q, t);
    q.conditional = q.ranged = q.takes_encodings = true;
    struct encodings e = encoding_parse(&q);
    CHECK(e.gzip <= 1000 && e.brotli <= 1000 && e.identity <= 1000);
    unsigned status = condition_check(&q, text_of("\"a\""), 784111777);
    CHECK(status == 0 || status == 304 || status == 412);
    (void)condition_allows_range(&q, text_of("\"a\""), 784111777);
}

/* No empty part, no "." and no "..". */
static void check_path(const char *path)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        CHECK(n > 0 && !(n == 1 && path[0] == '.'));
        CHECK(!(n == 2 && path[0] == '.' && path[1] == '.'));
        path += n;
        path += *path == '/' && path[1] != '\0';
    }
}

/* Targets have passed the scan before they are taken apart. */
static bool is_scanned(struct text t, pond *p)
{
    struct http1_scan scan;
    size_t used;
    char *line = pond_alloc(p, t.length + 20);
    CHECK(line);
    memcpy(line, "GET ", 4);
    memcpy(line + 4, t.at, t.length);
    memcpy(line + 4 + t.length, " HTTP/1.1\r\n\r\n", 13);
    http1_scan_head(&scan, 8192, 300, 10);
    enum http1_scan_result result =
        http1_scan_run(&scan, line, t.length + 17, &used);
    return result == HTTP1_SCAN_DONE && scan.target == 4 &&
           scan.target_end == 4 + t.length;
}

static void try_target(struct text t, pond *p)
{
    struct request q = {.pond = p, .method = METHOD_GET, .version = 11};
    bool no_memory = false;
    q.target = t;
    if (!is_scanned(t, p))
        return;
    const char *why = request_parse_target(&q, &no_memory);
    CHECK(!no_memory);
    if (why || !q.path)
        return;
    check_path(q.path);
    const char *url = escape_url(p, q.path);
    CHECK(url && escape_html(p, q.path));
    (void)mime_of(NULL, q.path);
    /* What is written for it leads back to it. */
    struct request again = {.pond = p, .method = METHOD_GET, .version = 11};
    again.target = text_of(pond_printf(p, "/%s", url));
    CHECK(request_parse_target(&again, &no_memory) == NULL && again.path);
    CHECK(strcmp(again.path, q.path) == 0);
}

static void try_peers(struct text t, pond *p)
{
    union peer peer = {0};
    struct network network;
    bool broken = false;
    const char *copy = pond_strndup(p, t.at, t.length);
    CHECK(copy);
    (void)network_parse(&network, copy);
    CHECK(network_parse(&network, "10.0.0.0/8"));
    network.next = NULL;
    (void)peer_parse(&peer, t);
    CHECK(peer_parse(&peer, text_of("10.0.0.1")));
    (void)peer_forwarded(&network, t, &peer, &broken);
    (void)authority_is_valid(t);
    int n = proxy_parse(t.at, t.length, &peer);
    CHECK(n >= -1 && n <= (int)t.length);
}

/* In pieces of one byte and at once: the same end at the same place. */
static void try_scan(struct text t, pond *p)
{
    struct http1_scan whole, slow;
    size_t used, all = 0;
    (void)p;
    http1_scan_head(&whole, 100, 300, 10);
    http1_scan_head(&slow, 100, 300, 10);
    enum http1_scan_result a = http1_scan_run(&whole, t.at, t.length, &used);
    enum http1_scan_result b = HTTP1_SCAN_MORE;
    while (b == HTTP1_SCAN_MORE && all < t.length) {
        size_t one;
        b = http1_scan_run(&slow, t.at + all, 1, &one);
        all += one;
    }
    CHECK(a == b && (a == HTTP1_SCAN_REFUSED || used == all));
    if (a == HTTP1_SCAN_REFUSED)
        return; /* of two faults, pieces may show the other one first */
    CHECK(whole.line == slow.line && whole.target == slow.target);
    CHECK(whole.target_end == slow.target_end && whole.fields == slow.fields);
    CHECK(whole.n_fields == slow.n_fields && whole.version == slow.version);
}

static enum http1_scan_result run_chunks(struct text t, size_t piece,
                                         size_t *end)
{
    struct http1_chunk c;
    enum http1_scan_result result = HTTP1_SCAN_MORE;
    size_t idle = 0;
    http1_chunk_begin(&c, 1000, 300, 10);
    *end = 0;
    while (result == HTTP1_SCAN_MORE && *end < t.length) {
        size_t left = t.length - *end, used, plain;
        size_t n = left < piece ? left : piece;
        result = http1_chunk_run(&c, t.at + *end, n, &used, &plain);
        CHECK(plain <= used && used <= n);
        /* None used is a step on its own, from an extension to its end. */
        CHECK(used > 0 || result != HTTP1_SCAN_MORE || ++idle <= t.length);
        *end += used;
    }
    return result;
}

static void try_chunks(struct text t, pond *p)
{
    size_t whole, slow;
    (void)p;
    enum http1_scan_result a = run_chunks(t, SIZE_MAX, &whole);
    enum http1_scan_result b = run_chunks(t, 1, &slow);
    CHECK(a == b && (a == HTTP1_SCAN_REFUSED || whole == slow));
}

static void (*const tries[])(struct text, pond *) = {
    try_range, try_date, try_fields, try_target,
    try_peers, try_scan, try_chunks,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    pond *p = test_pond(NULL, "field");
    char *copy = malloc(n); /* bounds that a sanitizer knows */
    CHECK(copy);
    memcpy(copy, bytes + 1, n - 1);
    tries[bytes[0] % COUNT(tries)]((struct text){copy, n - 1}, p);
    free(copy);
    pond_destroy(p);
    fuzz_operations++;
    return 0;
}
