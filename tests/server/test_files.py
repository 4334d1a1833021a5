# SPDX-License-Identifier: BSD-2-Clause
"""Files, whole and right: bytes, types, dates, folders."""
import email.utils
import os
import random
import re
import subprocess
import time

from harness import equal, sha


def test_hello(ctx):
    path = ctx.scratch.file("hello.txt", b"hello\n")
    os.utime(path, (784111777, 784111777))
    r = ctx.get("/hello.txt")
    date = r["date"]
    equal(r.head.decode(),
          "HTTP/1.1 200 OK\r\n"
          "Server: pondserve\r\n"
          "Date: " + date + "\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "ETag: \"2ebc98a1.0-6\"\r\n"
          "Accept-Ranges: bytes\r\n"
          "X-Content-Type-Options: nosniff\r\n"
          "Content-Length: 6\r\n\r\n", "the head")
    equal(r.body, b"hello\n", "the body")


def test_date_is_now(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    before = int(time.time()) - 1
    date = ctx.get("/hello.txt")["date"]
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", date)
    said = email.utils.parsedate_to_datetime(date).timestamp()
    assert before <= said <= time.time() + 1, date


def test_sizes(ctx):
    noise = random.Random(1)
    for size in (0, 1, 4095, 4096, 32767, 32768, 32769, 40961, 65536, 65537,
                 300001, 1048576, 1048577):
        data = noise.randbytes(size)
        ctx.scratch.file("sized.bin", data)
        r = ctx.get("/sized.bin")
        equal(r.status, 200)
        equal(r["content-length"], str(size), "length")
        equal(sha(r.body), sha(data), "hash of %d bytes" % size)


def test_large_by_curl(ctx):
    data = random.Random(2).randbytes(24 << 20)
    ctx.scratch.file("large.bin", data)
    got = subprocess.run(
        ["curl", "-sS", "http://127.0.0.1:%d/large.bin" % ctx.server.port],
        stdout=subprocess.PIPE, check=True).stdout
    equal(sha(got), sha(data), "hash")


def test_large_to_a_slow_reader(ctx):
    data = random.Random(3).randbytes(3 << 20)
    ctx.scratch.file("large2.bin", data)
    from harness import Client
    with Client(ctx.server.port, receive_buffer=4096) as c:
        r = c.ask("/large2.bin")
        equal(sha(r.body), sha(data), "hash")
        equal(c.ask("/large2.bin", "HEAD").status, 200)


def test_types(ctx):
    utf8 = "; charset=utf-8"
    for name, wanted in (
            ("a.html", "text/html" + utf8), ("a.HTM", "text/html" + utf8),
            ("a.css", "text/css" + utf8), ("a.js", "text/javascript" + utf8),
            ("a.txt", "text/plain" + utf8), ("a.md", "text/markdown" + utf8),
            ("a.json", "application/json"), ("a.png", "image/png"),
            ("a.jpg", "image/jpeg"), ("a.svg", "image/svg+xml"),
            ("a.woff2", "font/woff2"), ("a.wasm", "application/wasm"),
            ("a.pdf", "application/pdf"), ("a.tar.gz", "application/gzip"),
            ("README", "text/plain" + utf8), ("a.c", "text/plain" + utf8),
            ("a.webmanifest", "application/manifest+json"),
            ("a.webmanifestx", "application/octet-stream"),
            ("a.unknown", "application/octet-stream"),
            ("noextension", "application/octet-stream"),
            ("dot.", "application/octet-stream")):
        ctx.scratch.file(name, b"x")
        equal(ctx.get("/" + name)["content-type"], wanted, "type of " + name)


def test_head_is_get_without_body(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.scratch.file("long.bin", b"x" * 100000)
    with ctx.connect() as c:
        for target in ("/hello.txt", "/long.bin", "/nothing"):
            got, head = c.ask(target), c.ask(target, "HEAD")
            equal(head.status, got.status)
            equal([f for f in head.fields if f[0] != "date"],
                  [f for f in got.fields if f[0] != "date"], "fields")
            equal(head["content-length"], str(len(got.body)), "length")
        c.must_be_open()


def test_index_and_redirect(ctx):
    ctx.scratch.file("index.html", b"<p>root\n")
    ctx.scratch.file("sub/index.html", b"<p>sub\n")
    ctx.scratch.file("empty/other.html", b"")
    ctx.scratch.file("a b\xe9:%/index.html".encode("latin-1").decode("latin-1"),
                     b"odd\n")
    with ctx.connect() as c:
        equal(c.ask("/").body, b"<p>root\n")
        equal(c.ask("/?x=1").body, b"<p>root\n")
        equal(c.ask("/sub/").body, b"<p>sub\n")
        equal(c.ask("/sub/").fields[2], ("content-type",
                                         "text/html; charset=utf-8"))
        r = c.ask("/sub")
        equal((r.status, r["location"]), (301, "/sub/"))
        r = c.ask("/sub?x=/&y")
        equal((r.status, r["location"]), (301, "/sub/?x=/&y"))
        r = c.ask("/./empty/..//sub")
        equal((r.status, r["location"]), (301, "/sub/"))
        r = c.ask("/a%20b%C3%A9:%25")
        equal((r.status, r["location"]), (301, "/a%20b%C3%A9:%25/"))
        equal(c.ask(r["location"]).body, b"odd\n")
        equal(c.ask("/empty/").status, 404)
        equal(c.ask("/empty").status, 301)


def test_redirect_cannot_name_a_host(ctx):
    ctx.scratch.file("example.org/index.html", b"")
    for target in ("//example.org", "/.//example.org", "///example.org"):
        equal(ctx.get(target)["location"], "/example.org/", target)
    ctx.scratch.file("\\example.org/index.html", b"")
    equal(ctx.get("/%5Cexample.org")["location"], "/%5Cexample.org/")


def test_index_that_is_a_folder(ctx):
    ctx.scratch.file("odd/index.html/file", b"")
    equal(ctx.get("/odd/").status, 404)


def test_not_modified(ctx):
    path = ctx.scratch.file("dated.txt", b"dated\n")
    os.utime(path, (784111777, 784111777))
    for since, wanted in (
            ("Sun, 06 Nov 1994 08:49:37 GMT", 304),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 304),
            ("Sun Nov  6 08:49:37 1994", 304),
            ("Mon, 07 Nov 1994 08:49:37 GMT", 304),
            ("Sun, 06 Nov 1994 08:49:36 GMT", 200),
            ("Sat, 05 Nov 1994 23:59:59 GMT", 200),
            ("Sun, 06 Nov 1994 08:49:37", 200),
            ("Sun, 6 Nov 1994 08:49:37 GMT", 200),
            ("yesterday", 200), ("", 200)):
        with ctx.connect() as c:
            r = c.ask("/dated.txt", headers="If-Modified-Since: %s\r\n" % since)
            equal(r.status, wanted, "status for " + since)
            equal(r["last-modified"], "Sun, 06 Nov 1994 08:49:37 GMT")
            equal(r["content-length"], None if wanted == 304 else "6")
            c.must_be_open()


def test_error_pages(ctx):
    r = ctx.get("/<script>nothing")
    equal((r.status, r.phrase), (404, "Not Found"))
    equal(r["content-type"], "text/html; charset=utf-8")
    assert b"<h1>Not Found</h1>" in r.body and b"script" not in r.body


def test_file_that_shrinks(ctx):
    path = ctx.scratch.file("shrinks.bin", b"")
    os.truncate(path, 64 << 20)
    from harness import Client
    with Client(ctx.server.port, receive_buffer=4096) as c:
        c.send("GET /shrinks.bin HTTP/1.1\r\nHost: test\r\n\r\n")
        while b"\r\n\r\n" not in c.buffer:
            c.receive()
        os.truncate(path, 1000)
        total = len(c.buffer)
        try:
            while True:
                c.buffer = b""
                if not c.receive():
                    break
                total += len(c.buffer)
        except ConnectionResetError:
            pass
        assert total < 64 << 20, "all came"
    ctx.server.wait_for_line(b"GET /shrinks.bin")


def test_many_at_once(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.scratch.file("long.bin", b"x" * 100000)
    clients = [ctx.connect() for _ in range(200)]
    for _ in range(3):
        for i, c in enumerate(clients):
            c.send("GET /%s HTTP/1.1\r\nHost: test\r\n\r\n" %
                   ("long.bin" if i % 3 else "hello.txt"))
        for i, c in enumerate(clients):
            equal(len(c.response().body), 100000 if i % 3 else 6)
    for c in clients:
        c.close()
