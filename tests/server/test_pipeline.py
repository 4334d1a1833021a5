# SPDX-License-Identifier: BSD-2-Clause
"""Requests sent without waiting for answers."""
import random

from harness import Skip, equal, sha, wait_for


def request(target, method="GET", fields=""):
    return ("%s %s HTTP/1.1\r\nHost: test\r\n%s\r\n" %
            (method, target, fields)).encode()


def numbered(ctx, n):
    for i in range(n):
        ctx.scratch.file("n/%d.txt" % i, b"number %d\n" % i)


def test_in_order(ctx):
    numbered(ctx, 40)
    for n in (2, 3, 31, 32, 33, 64, 65, 500):
        with ctx.connect() as c:
            c.send(b"".join(request("/n/%d.txt" % (i % 40)) for i in range(n)))
            for i in range(n):
                equal(c.response().body, b"number %d\n" % (i % 40))
            c.must_be_open()


def test_trickled(ctx):
    numbered(ctx, 40)
    with ctx.connect() as c:
        c.trickle(b"".join(request("/n/%d.txt" % i) for i in range(12)))
        for i in range(12):
            equal(c.response().body, b"number %d\n" % i)


def test_cut_anywhere(ctx):
    numbered(ctx, 3)
    data = (request("/n/0.txt") + request("/n/1.txt", fields="Content-Length: "
            "3\r\n") + b"abc" + request("/n/2.txt"))
    for cut in range(1, len(data)):
        with ctx.connect() as c:
            c.send(data[:cut])
            c.send(data[cut:])
            for i in range(3):
                equal(c.response().body, b"number %d\n" % i)


def test_mixed(ctx):
    """Small, large, absent, refused by method, HEAD: each in its place."""
    numbered(ctx, 3)
    noise = random.Random(5)
    files = {"/m/%d" % size: noise.randbytes(size)
             for size in (0, 10, 5000, 32768, 32769, 200000, 2000000)}
    for name, data in files.items():
        ctx.scratch.file(name[1:], data)
    asked, sent = [], b""
    for _ in range(120):
        target = noise.choice(list(files) + ["/n/1.txt", "/none", "/n"])
        method = noise.choice(["GET", "GET", "GET", "HEAD", "OPTIONS"])
        asked.append((method, target))
        sent += request(target, method)
    with ctx.connect() as c:
        import threading
        sender = threading.Thread(target=c.send, args=(sent,))
        sender.start()
        for method, target in asked:
            r = c.response(method)
            if method == "OPTIONS":
                equal(r.status, 204)
            elif target == "/none":
                equal(r.status, 404)
            elif target == "/n":
                equal(r.status, 301)
            else:
                data = files.get(target, b"number 1\n")
                equal(r["content-length"], str(len(data)))
                equal(sha(r.body), sha(data if method == "GET" else b""))
        sender.join()
        c.must_be_open()


def test_close_in_the_middle(ctx):
    numbered(ctx, 3)
    with ctx.connect() as c:
        c.send(request("/n/0.txt") +
               request("/n/1.txt", fields="Connection: close\r\n") +
               request("/n/2.txt"))
        equal(c.response().body, b"number 0\n")
        r = c.response()
        equal((r.body, r["connection"]), (b"number 1\n", "close"))
        c.must_be_closed()


def test_never_reading_stays_bounded(ctx):
    """A client that asks and asks and reads nothing is not read on."""
    if ctx.server.sanitized():
        raise Skip("a sanitizer's memory says nothing")
    ctx.scratch.file("m/20000", b"x" * 20000)
    before = ctx.server.rss()
    c = ctx.connect()
    c.socket.setblocking(False)
    data = request("/m/20000") * 1000
    sent = 0

    def stuck():
        nonlocal sent
        try:
            for _ in range(100):
                sent += c.socket.send(data)
        except BlockingIOError:
            return True
        return False

    wait_for(stuck, "the server to stop reading")
    wait_for(lambda: stuck() and ctx.get("/m/20000").status == 200, "others")
    grown = ctx.server.rss() - before
    assert grown < 2 << 20, "%d bytes more" % grown
    c.close()
