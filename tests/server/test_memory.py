# SPDX-License-Identifier: BSD-2-Clause
"""What is left in memory after many requests; and the end of test_slow."""
import resource

from harness import Client, Server, Skip, equal, wait_for
from test_slow import waiting


def serve_many(client, n):
    ask = b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nCookie: " + \
        b"c" * 500 + b"\r\n\r\n"
    for _ in range(n // 20):
        client.send(ask * 20)
        for _ in range(20):
            client.response()


def test_many_requests_leave_nothing(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    with Server(ctx.scratch.www) as s:
        few = s.sanitized()
        with Client(s.port) as c:
            serve_many(c, 1000 if few else 2000)
            before = s.rss()
            serve_many(c, 2000 if few else 20000)
            grown = s.rss() - before
        if not few:
            assert grown < 256 << 10, "%d bytes more" % grown
        requests, connections, _, ponds = s.stop()
        equal((requests, connections, ponds),
              (3000 if few else 22000, 1, 0))


def test_many_connections_leave_nothing(ctx):
    with Server(ctx.scratch.www) as s:
        if s.sanitized():
            raise Skip("a sanitizer's memory says nothing")

        def round_of(n):
            clients = [Client(s.port) for _ in range(n)]
            for c in clients:
                c.send("GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n")
            for c in clients:
                equal(c.response().status, 200)
                c.close()

        round_of(400)
        before = s.rss()
        for _ in range(5):
            round_of(400)
        grown = s.rss() - before
        assert grown < 512 << 10, "%d bytes more" % grown
        equal(s.stop()[3], 0, "ponds left")


def anonymous(s):
    return int(s.status("RssAnon").split()[0]) * 1024


def test_idle_connections(ctx):
    """One that has asked and waits costs a block of 512 bytes; and when all
    have closed, nearly nothing."""
    ctx.scratch.file("hello.txt", b"hello\n")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 5000:
        raise Skip("no descriptors for 4000 connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ask = (b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nCookie: c=" +
           b"c" * 1022 + b"\r\n\r\n")
    with Server(ctx.scratch.www) as s:
        if s.sanitized():
            raise Skip("a sanitizer's memory says nothing")
        with Client(s.port) as c:
            c.send(ask)
            c.response()
        before = anonymous(s)
        clients = [Client(s.port) for _ in range(4000)]
        for c in clients:
            c.send(ask)
            c.response()
        wait_for(lambda: anonymous(s) - before <= 530 * len(clients),
                 "at most 530 bytes a connection")
        held = anonymous(s) - before
        assert held >= 500 * len(clients), "is it measured at all? %d" % held
        for c in clients:
            c.close()
        wait_for(lambda: anonymous(s) - before < held / 10,
                 "nine tenths to be given back")
        equal(s.stop()[3], 0)


def test_slow_heads_are_ended(ctx):
    if not waiting:
        raise Skip("test_slow was not run")
    c = waiting["head"]
    r = c.response()
    equal((r.status, r["connection"]), (408, "close"))
    c.must_be_closed()
    c.close()
    c = waiting["answered"]
    equal(c.response().status, 408)
    c.must_be_closed()
    c.close()
    line = ctx.server.wait_for_line(b'" 408 ')
    assert b"GET" in line, line
    wait_for(lambda: ctx.get("/hello.txt").status == 200, "others")
