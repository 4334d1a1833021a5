# SPDX-License-Identifier: BSD-2-Clause
"""Requests sent without waiting for answers."""
import gzip
import random
import threading

from harness import Client, Server, Skip, equal, sha, wait_for


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
            c.must_be_open("/n/0.txt")


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


def kinds(ctx, noise):
    """Ways to ask: (what is sent, how its answer is read, what it must be)."""
    files = {"/m/%d" % size: noise.randbytes(size)
             for size in (0, 10, 5000, 32768, 32769, 200000, 2000000)}
    texts = {"/m/%d.txt" % n: b"".join(b"%d\n" % noise.getrandbits(40)
                                       for _ in range(n))
             for n in (100, 2000, 20000)}
    for name, data in {**files, **texts}.items():
        ctx.scratch.file(name[1:], data)
    ctx.scratch.file("m/in/x", b"x")
    all_kinds = [(request("/none"), "GET", (404, None)),
                 (request("/m/in"), "GET", (301, None)),
                 (request("/m/in/"), "GET", (200, None)),
                 (request("/m/in/", "HEAD"), "HEAD", (200, b"")),
                 (request("/m/in/x", "POST"), "POST", (405, None)),
                 (request("/m/5000", fields="Range: bytes=5000-\r\n"), "GET",
                  (416, None)),
                 (request("/echo", "POST", "Transfer-Encoding: chunked\r\n") +
                  b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n", "POST",
                  (200, b"abcde"))]
    for name, data in {**files, **texts}.items():
        size = len(data)
        all_kinds += [
            (request(name), "GET", (200, data)),
            (request(name, fields="Content-Length: 3\r\n") + b"GET", "GET",
             (200, data)),
            (request(name, "HEAD"), "HEAD", (200, b"")),
            (request(name, "OPTIONS"), "OPTIONS", (204, b"")),
            (request(name, fields="If-None-Match: *\r\n"), "GET", (304, b""))]
        if size > 10:
            all_kinds += [
                (request(name, fields="Range: bytes=5-%d\r\n" % (size // 2)),
                 "GET", (206, data[5:size // 2 + 1])),
                (request(name, fields="Range: bytes=-3,0-1\r\n"), "GET",
                 (206, None))]
        if size < 200000:
            all_kinds.append((request("/echo", "PUT", "Content-Length: %d\r\n"
                                      % size) + data, "PUT", (200, data)))
    for name, data in texts.items():
        fields = "Accept-Encoding: gzip\r\n"
        all_kinds += [
            (request(name, fields=fields), "GET", (200, data)),
            (request(name, "HEAD", fields), "HEAD", (200, b""))]
    return all_kinds


def test_mixed(ctx):
    """Each kind of answer in its place, whatever stands before and behind it,
    and however the requests are cut into pieces."""
    noise = random.Random(5)
    asked = kinds(ctx, noise)
    asked = noise.sample(asked, len(asked)) + noise.choices(asked, k=60)
    sent = b"".join(what for what, _, _ in asked)

    def send(c):
        at = 0
        while at < len(sent):
            n = noise.choice((1, 10, 100, 5000, 100000))
            c.send(sent[at:at + n])
            at += n

    with Server(ctx.scratch.www, config="[site]\nlisting = yes\n"
                "[location]\npath = /echo\nhandler = echo\n") as s:
        with Client(s.port) as c:
            sender = threading.Thread(target=send, args=(c,))
            sender.start()
            for what, method, (status, body) in asked:
                r = c.response(method)
                equal(r.status, status, "the status of %.200r" % what)
                if r["content-encoding"] and method == "GET":
                    r.body = gzip.decompress(r.body)
                if body is not None:
                    equal(sha(r.body), sha(body), "the body of %.200r" % what)
            sender.join()
            c.must_be_open("/m/in/x")
        equal(s.stop()[3], 0)


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
