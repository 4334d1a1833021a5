# SPDX-License-Identifier: BSD-2-Clause
"""What a client may ask of the server, and no more: times, counts, memory."""
import os
import socket

from harness import Client, Server, Skip, equal, wait_for

ECHO = "[location]\npath = /echo\nhandler = echo\n"
HOST = "Host: test\r\n"


def served(ctx, limits, rest=""):
    ctx.scratch.file("hello.txt", b"hello\n")
    return Server(ctx.scratch.www,
                  config="[limits]\n%s\n[site]\n%s" % (limits, rest))


def test_times(ctx):
    """Each of the deadlines, short enough to be waited for."""
    with served(ctx, "head_timeout = 100ms\nprogress_timeout = 100ms\n"
                "idle_timeout = 300ms\nlinger_timeout = 100ms", ECHO) as s:
        with Client(s.port) as c:  # never a byte: closed without a word
            c.must_be_closed()
        with Client(s.port) as c:  # half a head
            c.send("GET / HTTP/1.1\r\nHost: te")
            r = c.response()
            equal((r.status, r["connection"]), (408, "close"))
            c.must_be_closed()
        with Client(s.port) as c:  # an answer, and then nothing
            equal(c.ask("/hello.txt").status, 200)
            c.must_be_closed()
        with Client(s.port) as c:  # half a body
            c.send("POST /echo HTTP/1.1\r\n" + HOST +
                   "Content-Length: 10\r\n\r\n12345")
            equal(c.response().status, 408)
            c.must_be_closed()
        with Client(s.port) as c:  # a body that is not begun
            c.send("POST /echo HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\n"
                   "Content-Length: 10\r\n\r\n")
            equal(c.take(25), b"HTTP/1.1 100 Continue\r\n\r\n")
            equal(c.response().status, 408)
            c.must_be_closed()
        with Client(s.port) as c:  # a client that never closes
            c.send("nonsense\r\n")
            equal(c.response().status, 400)
            c.must_be_closed()
            wait_for(lambda: live(s) == 0, "the end of the lingering")
        path = ctx.scratch.file("endless2.bin", b"")
        os.truncate(path, 1 << 28)
        with Client(s.port, receive_buffer=4096) as c:  # reads nothing
            c.send("GET /endless2.bin HTTP/1.1\r\n" + HOST + "\r\n")
            wait_for(lambda: s.lines() and
                     b"/endless2.bin" in s.lines()[-1], "the end of it")
        equal(s.stop()[3], 0)


def live(s):
    """Connections that the server has open."""
    n = 0
    folder = "/proc/%d/fd" % s.process.pid
    for name in os.listdir(folder):
        try:
            n += os.readlink(folder + "/" + name).startswith("socket:")
        except OSError:
            pass
    return n - 1  # the listener


def test_a_trickle_within_time(ctx):
    """Progress is enough for a body, however long it takes in all."""
    with served(ctx, "progress_timeout = 1s", ECHO) as s, Client(s.port) as c:
        c.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 30\r\n\r\n")
        c.trickle(b"x" * 30)
        equal(c.response().body, b"x" * 30)


def test_small_limits(ctx):
    with served(ctx, "request_line = 100\nfield_block = 200\nfields = 5\n"
                "body = 50", ECHO) as s:
        line = "GET /" + "a" * 85 + " HTTP/1.1\r\n"
        for text, wanted in (
                (line.replace("aa", "a", 1) + HOST + "\r\n", 404),
                (line.replace("a", "aa", 1) + HOST + "\r\n", 414),
                ("GET /no HTTP/1.1\r\n" + HOST + "A: b\r\n" * 4 + "\r\n", 404),
                ("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n" * 5 + "\r\n", 431),
                ("GET /no HTTP/1.1\r\n" + HOST + "A: " + "b" * 181 + "\r\n\r\n",
                 404),
                ("GET / HTTP/1.1\r\n" + HOST + "A: " + "b" * 200 + "\r\n\r\n",
                 431),
                ("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 50\r\n\r\n"
                 + "c" * 50, 200),
                ("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 51\r\n"
                 "Expect: 100-continue\r\n\r\n", 413),
                ("POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: "
                 "chunked\r\n\r\n20\r\n" + "d" * 32 + "\r\n13\r\n", 413)):
            with Client(s.port) as c:
                c.send(text)
                equal(c.response().status, wanted, text[:60])


def test_requests_per_connection(ctx):
    with served(ctx, "requests_per_connection = 3") as s:
        with Client(s.port) as c:
            for wanted in (None, None, "close"):
                equal(c.ask("/hello.txt")["connection"], wanted)
            c.must_be_closed()
        with Client(s.port) as c:
            c.send(("GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n") * 5)
            for wanted in (None, None, "close"):
                equal(c.response()["connection"], wanted)
            c.must_be_closed()


def refused(c):
    r = c.response()
    equal((r.status, r["connection"], r["retry-after"]), (503, "close", "1"))
    c.must_be_closed()


def test_connections(ctx):
    with served(ctx, "connections = 3\nlinger_timeout = 100ms") as s:
        kept = [Client(s.port) for _ in range(3)]
        for c in kept:
            c.must_be_open()
        for _ in range(5):
            with Client(s.port) as c:
                refused(c)
        for c in kept:
            c.must_be_open()
        kept.pop().close()

        def fits():
            with Client(s.port) as c:
                try:
                    c.send("GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n")
                    return c.response().status == 200
                except (OSError, AssertionError):
                    return False

        wait_for(fits, "room")
        # Far too many: nobody is told any more, but nothing breaks.
        crowd = [Client(s.port) for _ in range(200)]
        for c in crowd:
            c.close()
        wait_for(fits, "room")
        for c in kept:
            c.close()
        equal(s.stop()[3], 0)


def test_connections_follow_descriptors(ctx):
    import resource

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 64))

    with Server(ctx.scratch.www, preexec=few) as s:
        if s.under_valgrind():
            raise Skip("valgrind takes descriptors away")
        kept = [Client(s.port) for _ in range(32)]
        for c in kept:
            c.must_be_open()
        with Client(s.port) as c:
            refused(c)
        for c in kept:
            c.close()
        equal(s.stop()[3], 0)


def from_address(s, address):
    c = Client.__new__(Client)
    c.socket, c.buffer = socket.socket(), b""
    c.socket.settimeout(60)
    c.socket.bind((address, 0))
    c.socket.connect(("127.0.0.1", s.port))
    return c


def test_connections_per_address(ctx):
    with served(ctx, "connections_per_address = 2\n"
                "linger_timeout = 100ms") as s:
        kept = {}
        for round_of in range(2):
            for i in range(1, 200):
                address = "127.0.%d.%d" % (i % 7, i)
                c = kept.setdefault((address, round_of),
                                    from_address(s, address))
                equal(c.ask("/hello.txt").status, 200, address)
        for address in ("127.0.1.1", "127.0.3.199"):
            if (address, 0) in kept:
                c = from_address(s, address)
                refused(c)
                c.close()
        noisy = list(kept)
        for key in noisy[::2]:
            kept.pop(key).close()

        def all_fit():
            for address, _ in noisy[::2]:
                with from_address(s, address) as c:
                    c.send("GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n")
                    if c.response().status != 200:
                        return False
            return True

        wait_for(all_fit, "room for those that left")
        for c in kept.values():
            equal(c.ask("/hello.txt").status, 200)
            c.close()
        equal(s.stop()[3], 0)


def test_ponds(ctx):
    """The memory of a request: each way to fill it ends in its own status."""
    ctx.scratch.file("hello.txt", b"hello\n")
    folder = ctx.scratch.folder("crowd")
    for i in range(3000):
        ctx.scratch.file("%0100d" % i, b"", folder)
    config = ("[limits]\nrequest_pond = 64k\nconnection_pond = 256k\n"
              "field_block = 1m\nfields = 10000\nbody = 1g\n[site]\n"
              "listing = yes\n" + ECHO)
    with Server(folder, config=config) as s:
        for text, wanted in (
                ("GET / HTTP/1.1\r\n" + HOST + "X: " + "y" * 100000, 431),
                ("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n" * 9000 + "\r\n", 431),
                ("POST /echo HTTP/1.1\r\n" + HOST +
                 "Content-Length: 100000\r\n\r\n" + "z" * 100000, 413),
                ("POST /echo HTTP/1.1\r\n" + HOST +
                 "Transfer-Encoding: chunked\r\n\r\n" +
                 "1000\r\n%s\r\n" % ("z" * 4096) * 40, 413),
                ("GET / HTTP/1.1\r\n" + HOST + "\r\n", 503)):
            with Client(s.port) as c:
                try:
                    c.send(text)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                r = c.response()
                equal((r.status, r["connection"]), (wanted, "close"),
                      text[:70])
                c.must_be_closed()
        # No room for zlib: it is sent as it is.
        ctx.scratch.file("text.txt", b"line\n" * 5000, folder)
        with Client(s.port) as c:
            r = c.ask("/text.txt", headers="Accept-Encoding: gzip\r\n")
            equal((r.status, r["content-encoding"], r.body),
                  (200, None, b"line\n" * 5000))
        with Client(s.port) as c:
            c.send("POST /echo HTTP/1.1\r\n" + HOST +
                   "Content-Length: 30000\r\n\r\n" + "z" * 30000)
            equal(len(c.response().body), 30000)
        equal(s.stop()[3], 0)


def flood(port, head, piece, total):
    """Send total bytes of pieces, or as much as is taken; what came back."""
    with Client(port) as c:
        sent = 0
        try:
            c.send(head)
            while sent < total:
                c.send(piece)
                sent += len(piece)
        except OSError:
            pass
        try:
            while c.receive():
                pass
        except OSError:
            pass
        return c.buffer, sent


def test_a_gigabyte(ctx):
    """Whatever a request is filled with, the server does not grow by more than
    a connection's limit."""
    for i in range(4000):
        ctx.scratch.file("crowd/%0100d" % i)
    ctx.scratch.file("m/20000", b"x" * 20000)
    with served(ctx, "body = 1g\nprogress_timeout = 500ms",
                "listing = yes\n" + ECHO) as s:
        if s.sanitized():
            raise Skip("a sanitizer's memory says nothing")
        with Client(s.port) as c:
            c.must_be_open()
        before = s.rss()
        gigabyte = 1 << 30
        piece = b"y" * (1 << 20)
        get = b"GET / HTTP/1.1\r\nHost: test\r\n"
        post = b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        for head, what in (
                (b"GET /", piece), (get + b"X: ", piece),
                (get, b"X: y\r\n" * 100000),
                (post + b"Content-Length: 1073741824\r\n\r\n", piece),
                (post + b"Transfer-Encoding: chunked\r\n\r\n",
                 b"100000\r\n" + piece + b"\r\n"),
                (post + b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
                 b"X: y\r\n" * 100000),
                (get + b"Range: bytes=", b"0-0," * 100000)):
            got, _ = flood(s.port, head, what, gigabyte)
            # Lost when we were still sending while it closed.
            assert not got or got[9:12] in (b"413", b"414", b"431"), got[:90]
            grown = s.rss() - before
            assert grown <= 1 << 20, (head, grown)
        for _ in range(100):  # 4000 names, and three texts of each
            with Client(s.port) as c:
                equal(c.ask("/crowd/").status, 503)
                c.must_be_closed()
        grown = s.rss() - before
        assert grown <= 1 << 20, ("names", grown)
        # Who asks on and on and reads nothing is not read, and let go.
        _, sent = flood(s.port, b"", b"GET /m/20000 HTTP/1.1\r\nHost: test\r\n"
                        b"\r\n" * 20000, gigabyte)
        assert sent < 64 << 20, sent
        grown = s.rss() - before
        assert grown <= 1 << 20, ("answers", grown)
        with Client(s.port) as c:
            c.must_be_open()
        equal(s.stop()[3], 0)
