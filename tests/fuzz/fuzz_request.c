/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_request.c - bytes of a client through the code that a connection uses,
 * without the socket: reader, router, files, echo, answers, log. The first
 * byte says in which pieces the bytes come and how much memory there is.
 *
 * What must hold besides: what is answered does not depend on the pieces (but
 * for which of several faults a refusal tells); an answer's head is
 * well-formed, and its body as long as it says.
 */
#include "fuzz.h"
#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "echo.h"
#include "exchange.h"
#include "files.h"

enum { ROOMY = 262144 };

static char folder[] = "/tmp/pond-fuzz-XXXXXX";
static const char *const files[] = {"index.html", "a.txt", "a.txt.gz",
                                    "b c/index.html"};

static struct service service;
static struct config *config;
static union peer client;

/* ------------------------------------------------------------- the server */

static void remove_files(void)
{
    CHECK(chdir(folder) == 0);
    for (size_t i = 0; i < COUNT(files); i++)
        unlink(files[i]);
    unlink("large.bin");
    rmdir("b c");
    rmdir(folder);
}

static void write_file(const char *name, size_t size)
{
    static const char words[] = "<p>Words of some length.</p>\n";
    FILE *f = fopen(name, "w");
    CHECK(f);
    for (size_t n = 0; n < size; n++)
        fputc(words[n % (sizeof words - 1)], f);
    CHECK(fclose(f) == 0);
}

static void make_files(void)
{
    CHECK(mkdtemp(folder) && atexit(remove_files) == 0);
    int before = open(".", O_RDONLY | O_DIRECTORY);
    CHECK(before >= 0 && chdir(folder) == 0 && mkdir("b c", 0700) == 0);
    for (size_t i = 0; i < COUNT(files); i++)
        write_file(files[i], 3000);
    write_file("large.bin", 200000);
    CHECK(fchdir(before) == 0 && close(before) == 0);
}

static void begin(void)
{
    make_files();
    config = config_create();
    CHECK(config);
    struct site *site = config->router.sites;
    struct files_options *root = site->locations->options;
    root->root = folder;
    root->listing = true;
    struct location *echo = config_add_location(config, site, "echo");
    CHECK(echo);
    echo->handler = &echo_handler;
    config->mime_types = NULL;
    config->proxies = pond_calloc(config->pond, 1, sizeof(struct network));
    CHECK(config->proxies && network_parse(config->proxies, "10.0.0.0/8"));
    CHECK(config_finish(config) == NULL);
    service.config = config;
    static pond *p; /* for ever */
    p = test_pond(NULL, "service");
    CHECK(cache_begin(&service.cache, p, 100, 65536, 1000));
    CHECK(loop_open(&service.loop) == 0);
    list_init(&service.connections);
    log_begin(&service.log, open("/dev/null", O_WRONLY | O_CLOEXEC));
    CHECK(peer_parse(&client, text_of("10.1.2.3")));
}

/* ------------------------------------------------------------ one client */

struct client {
    pond *pond;
    struct exchange *exchange;
    const char *bytes; /* not yet sent */
    size_t n;
    size_t piece;
    uint64_t digest; /* of what was answered */
};

static void note(struct client *c, const void *at, size_t n)
{
    const unsigned char *bytes = at;
    for (size_t i = 0; i < n; i++)
        c->digest = (c->digest ^ bytes[i]) * 0x100000001b3u;
}

/* A head: a status line and fields, each ended by CRLF, no other controls. */
static void check_head(const char *head, size_t n)
{
    CHECK(n > 20 && memcmp(head, "HTTP/1.1 ", 9) == 0);
    CHECK(memcmp(head + n - 4, "\r\n\r\n", 4) == 0);
    for (size_t i = 0; i + 4 < n; i++) {
        bool ends = head[i] == '\r' && head[i + 1] == '\n';
        CHECK((unsigned char)head[i] >= ' ' || head[i] == '\t' || ends ||
              (i > 0 && head[i - 1] == '\r' && head[i] == '\n'));
        CHECK(!ends || head[i + 2] != '\r');
    }
}

/* Read what would be sent; the head comes first. */
static void take_output(struct client *c, struct output *o, bool sized)
{
    const struct response *r = &c->exchange->response;
    uint64_t body = 0;
    check_head(o->first->bytes, (size_t)o->first->length);
    for (struct part *p = o->first; p; p = p->next) {
        enum refill more = REFILL_MORE;
        while (more == REFILL_MORE) {
            if (p->bytes)
                note(c, p->bytes, (size_t)p->length);
            if (p != o->first)
                body += p->length;
            more = p->refill ? p->refill(p) : REFILL_END;
        }
        CHECK(more == REFILL_END);
    }
    if (sized && body > 0)
        CHECK(body == r->length);
    *o = (struct output){0};
}

/* False: it was the last. */
static bool answer(struct client *c, enum http1_result found)
{
    struct exchange *x = c->exchange;
    struct output o = {0};
    fuzz_operations++;
    if (!exchange_answer(x, &service, found, false, &o)) {
        CHECK(pond_failed(x->pond));
        return false;
    }
    uint64_t before = c->digest;
    take_output(c, &o, !x->response.stream);
    if (found == HTTP1_REFUSED)
        c->digest = before + 1;
    exchange_log(&x->request, &service, &x->peer, x->response.status, 0);
    if (x->close)
        return false;
    struct text rest = http1_read_rest(&x->reader);
    c->exchange = exchange_begin(c->pond, &service, &client, rest);
    exchange_end(x);
    return c->exchange != NULL;
}

/* As connection_read.c does: is there a body, and does anybody want it? */
static enum http1_result head_is_there(struct client *c)
{
    struct exchange *x = c->exchange;
    if (!x->request.has_body)
        return HTTP1_COMPLETE;
    enum route route = router_route(&config->router, &x->request);
    if (route == ROUTE_NO_BODY ||
        (route == ROUTE_DROPPED && x->request.awaits_continue))
        return HTTP1_HEAD;
    if (route == ROUTE_WANTED && !http1_read_keep_body(&x->reader))
        return http1_read_refuse(&x->reader, 413, NULL);
    return http1_read(&x->reader);
}

static bool receive(struct client *c)
{
    size_t room, n = c->n < c->piece ? c->n : c->piece;
    char *space = http1_read_space(&c->exchange->reader, &room);
    if (!space) {
        CHECK(pond_failed(c->exchange->pond));
        (void)exchange_status_when_full(c->exchange, &config->limits);
        return false;
    }
    n = n < room ? n : room;
    memcpy(space, c->bytes, n);
    c->bytes += n;
    c->n -= n;
    http1_read_filled(&c->exchange->reader, n);
    return true;
}

/* False: it has ended. */
static bool step(struct client *c)
{
    struct http1_reader *reader = &c->exchange->reader;
    enum http1_result found = http1_read(reader);
    fuzz_operations++;
    if (found == HTTP1_HEAD)
        found = head_is_there(c);
    if (found == HTTP1_NO_MEMORY) {
        CHECK(pond_failed(c->exchange->pond));
        return false;
    }
    if (found != HTTP1_MORE)
        return answer(c, found);
    if (c->n > 0)
        return receive(c);
    return http1_read_begun(reader) &&
           answer(c, http1_read_refuse(reader, 400, NULL));
}

static uint64_t serve(const uint8_t *bytes, size_t n, size_t piece)
{
    struct client c = {.bytes = (const char *)bytes, .n = n, .piece = piece};
    c.pond = test_pond(NULL, "connection");
    pond_limit(c.pond, config->limits.connection_pond);
    c.exchange = exchange_begin(c.pond, &service, &client, (struct text){0});
    while (c.exchange && step(&c))
        ;
    if (c.exchange)
        exchange_end(c.exchange);
    CHECK(pond_usage_get(c.pond).n_children == 0);
    pond_destroy(c.pond);
    return c.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const size_t ponds[] = {ROOMY, ROOMY, 16384, 6144};
    static const size_t pieces[] = {1, 2, 3, 7, 61, 500, 3000, 1 << 20};
    if (!config)
        begin();
    if (n < 2)
        return 0;
    config->limits.request_pond = ponds[bytes[0] & 3];
    uint64_t digest = serve(bytes + 1, n - 1, pieces[bytes[0] >> 2 & 7]);
    if (config->limits.request_pond == ROOMY)
        CHECK(serve(bytes + 1, n - 1, SIZE_MAX) == digest);
    return 0;
}
