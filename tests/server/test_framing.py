# SPDX-License-Identifier: BSD-2-Clause
"""Connections that go on or end, bodies that are not wanted."""
import subprocess

from harness import equal, wait_for


def test_keep_alive(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    with ctx.connect() as c:
        for _ in range(50):
            r = c.ask("/hello.txt")
            equal((r.status, r["connection"]), (200, None))


def test_close_when_asked(ctx):
    for value in ("close", "Close", "foo, close", "close, foo", "foo ,CLOSE\t",
                  ",,close", "keep-alive, close"):
        with ctx.connect() as c:
            r = c.ask("/hello.txt", headers="Connection: %s\r\n" % value)
            equal((r.status, r["connection"]), (200, "close"), value)
            c.must_be_closed()
    with ctx.connect() as c:
        r = c.ask("/hello.txt",
                  headers="Connection: foo\r\nConnection: close\r\n")
        equal(r["connection"], "close")
        c.must_be_closed()
    with ctx.connect() as c:
        c.ask("/hello.txt", headers="Connection: closed, not-close\r\n")
        c.must_be_open()


def test_http10(ctx):
    with ctx.connect() as c:
        c.send("GET /hello.txt HTTP/1.0\r\n\r\n")
        r = c.response()
        equal((r.status, r["connection"], r.body), (200, "close", b"hello\n"))
        c.must_be_closed()
    with ctx.connect() as c:
        for _ in range(3):
            c.send("GET /hello.txt HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
            r = c.response()
            equal((r.status, r["connection"]), (200, "keep-alive"))


def test_half_close(ctx):
    ctx.scratch.file("long.bin", b"x" * 2000000)
    for target, n in (("/hello.txt", 6), ("/long.bin", 2000000)):
        with ctx.connect() as c:
            c.send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n" % target)
            c.half_close()
            equal(len(c.response().body), n)
            c.must_be_closed()
    with ctx.connect() as c:
        c.send("GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n" * 3)
        c.half_close()
        for _ in range(3):
            equal(c.response().body, b"hello\n")
        c.must_be_closed()


def test_end_in_the_middle(ctx):
    with ctx.connect() as c:
        c.send("GET /hello.txt HTTP/1.1\r\nHost:")
        c.half_close()
        equal(c.response().status, 400)
        c.must_be_closed()


def test_end_without_a_word(ctx):
    with ctx.connect() as c:
        c.half_close()
        c.must_be_closed()
        equal(c.buffer, b"", "what came")


def test_options(ctx):
    for target in ("*", "/hello.txt", "/"):
        with ctx.connect() as c:
            r = c.ask(target, "OPTIONS")
            equal((r.status, r["allow"]), (204, "GET, HEAD, OPTIONS"), target)
            equal(r["content-length"], None)
            c.must_be_open()


def test_other_methods(ctx):
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        with ctx.connect() as c:
            r = c.ask("/hello.txt", method)
            equal((r.status, r["allow"]), (405, "GET, HEAD, OPTIONS"), method)
            c.must_be_open()


def test_refusal_arrives_before_its_body_is_sent(ctx):
    with ctx.connect() as c:
        c.send("POST /hello.txt HTTP/1.1\r\nHost: test\r\n"
               "Content-Length: 1000000\r\n\r\n")
        r = c.response()
        equal((r.status, r["connection"]), (405, "close"))
        c.must_be_closed()


def test_refusal_arrives_though_its_body_is_sent(ctx):
    ctx.scratch.file("upload.bin", b"u" * 300000)
    with ctx.connect() as c:
        c.send("POST /hello.txt HTTP/1.1\r\nHost: test\r\n"
               "Content-Length: 60000\r\n\r\n")
        c.send(b"x" * 60000)
        equal(c.response().status, 405)
        c.must_be_closed()
    got = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H",
         "Expect:", "--data-binary", "@" + ctx.scratch.www + "/upload.bin",
         "http://127.0.0.1:%d/" % ctx.server.port],
        stdout=subprocess.PIPE).stdout
    equal(got, b"405", "curl's status")


def test_final_status_instead_of_continue(ctx):
    for method, wanted in (("POST", 405), ("GET", 200)):
        with ctx.connect() as c:
            r = c.ask("/hello.txt", method,
                      "Expect: 100-continue\r\nContent-Length: 5\r\n")
            equal((r.status, r["connection"]), (wanted, "close"))
            c.must_be_closed()
    with ctx.connect() as c:
        equal(c.ask("/hello.txt", headers="Expect: 100-Continue\r\n").status,
              200)
        c.must_be_open()


def test_body_that_nobody_wants_is_read(ctx):
    next_one = "GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n"
    for fields, body in (
            ("Content-Length: 5\r\n", "12345"),
            ("Content-Length: 0\r\n", ""),
            ("Content-Length: 100000\r\n", "x" * 100000),
            ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            ("Transfer-Encoding: Chunked\r\n",
             "5\r\n12345\r\n00A;x=y\r\n0123456789\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n",
             "%x\r\n%s\r\n0\r\nX: y\r\nZ:\r\n\r\n" % (70000, "y" * 70000))):
        request = ("GET /hello.txt HTTP/1.1\r\nHost: test\r\n" + fields +
                   "\r\n" + body)
        with ctx.connect() as c:
            c.send(request + next_one)
            equal(c.response().body, b"hello\n")
            equal(c.response().body, b"hello\n")
            c.send(request.replace("\r\n", "\r\nX: %s\r\n" % ("x" * 3000), 1) +
                   next_one)
            equal(c.response().body, b"hello\n")
            equal(c.response().body, b"hello\n")
            if len(request) < 1000:
                c.trickle((request + next_one).encode())
                equal(c.response().body, b"hello\n")
                equal(c.response().body, b"hello\n")


def test_body_too_large(ctx):
    with ctx.connect() as c:
        equal(c.ask("/hello.txt", headers="Content-Length: 1048577\r\n").status,
              413)
        c.must_be_closed()
    with ctx.connect() as c:
        c.send("GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
               "Transfer-Encoding: chunked\r\n\r\n"
               "80000\r\n" + "x" * 0x80000 + "\r\n")
        c.send("80001\r\n")
        equal(c.response().status, 413)
        c.must_be_closed()
    with ctx.connect() as c:
        c.send("GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
               "Content-Length: 1048576\r\n\r\n")
        c.send(b"x" * 1048576)
        equal(c.response().status, 200)
        c.must_be_open()


def test_upgrade_is_ignored(ctx):
    with ctx.connect() as c:
        r = c.ask("/hello.txt", headers="Connection: Upgrade\r\n"
                  "Upgrade: websocket\r\n")
        equal((r.status, r.body), (200, b"hello\n"))
        r = c.ask("/hello.txt", headers="Connection: Upgrade, "
                  "HTTP2-Settings\r\nUpgrade: h2c\r\n"
                  "HTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                  "Content-Length: 0\r\n")
        equal(r.status, 200)
        c.must_be_open()


def test_client_that_leaves(ctx):
    ctx.scratch.file("long.bin", b"x" * 8000000)
    for _ in range(20):
        c = ctx.connect()
        c.send("GET /long.bin HTTP/1.1\r\nHost: test\r\n\r\n")
        c.take(100)
        c.close()
    wait_for(lambda: ctx.get("/hello.txt").status == 200, "an answer")
