# SPDX-License-Identifier: BSD-2-Clause
"""One line a request, whatever was in it."""
import os
import re

from harness import Client, Server, equal, wait_for

LINE = re.compile(rb'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d '
                  rb'[+-]\d{4}\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)"')


def last(server, mark):
    found = LINE.fullmatch(server.wait_for_line(mark))
    assert found, server.wait_for_line(mark)
    return found.groups()


def test_combined(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.get("/hello.txt?log1", headers="Referer: http://a/\r\n"
            "User-Agent: me\r\n")
    equal(last(ctx.server, b"log1"),
          (b"GET /hello.txt?log1 HTTP/1.1", b"200", b"6", b"http://a/", b"me"))
    ctx.get("/hello.txt?log2", "HEAD")
    equal(last(ctx.server, b"log2"),
          (b"HEAD /hello.txt?log2 HTTP/1.1", b"200", b"0", b"-", b"-"))
    r = ctx.get("/none?log3")
    equal(last(ctx.server, b"log3")[1:3], (b"404", b"%d" % len(r.body)))
    ctx.scratch.file("long.bin", b"x" * 500000)
    ctx.get("/long.bin?log4")
    equal(last(ctx.server, b"log4")[1:3], (b"200", b"500000"))


def test_pipelined(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    with ctx.connect() as c:
        c.send("".join("GET /hello.txt?piped%d. HTTP/1.1\r\nHost: test\r\n"
                       "User-Agent: u%d\r\n\r\n" % (i, i) for i in range(40)))
        for _ in range(40):
            c.response()
    for i in range(40):
        equal(last(ctx.server, b"piped%d." % i)[1:],
              (b"200", b"6", b"-", b"u%d" % i))


def test_escapes(ctx):
    with ctx.connect() as c:
        c.ask("/none?log5\"\\", headers="User-Agent: a\"b\\c\td\xe4\x80e\r\n"
              "Referer: \x9b31m\r\n")
    equal(last(ctx.server, b"log5")[0],
          rb"GET /none?log5\x22\x5C HTTP/1.1")
    equal(last(ctx.server, b"log5")[3:],
          (rb"\x9B31m", rb"a\x22b\x5Cc\x09d\xE4\x80e"))
    for line in ctx.server.lines():
        assert re.fullmatch(rb"[\x20-\x7e]*", line), line


def test_refusals(ctx):
    with ctx.connect() as c:
        c.send(b"GET /log6 HTTP/1.1\r\nX:\x1b[31m\r\n\r\n")
        equal(c.response().status, 400)
    equal(last(ctx.server, b"log6")[:2], (b"GET /log6 HTTP/1.1", b"400"))
    with ctx.connect() as c:
        c.send(b"\x1b]log7\x07\"\n")
        equal(c.response().status, 400)
    equal(last(ctx.server, b"log7")[:2], (rb"\x1B]log7\x07\x22", b"400"))
    with ctx.connect() as c:
        c.send(b"GET /log8" + b"a" * 9000)
        equal(c.response().status, 414)
    found = last(ctx.server, b"log8")
    assert found[1] == b"414" and len(found[0]) < 2100, found


def test_aborted(ctx):
    """What was sent is told, not what should have been."""
    path = ctx.scratch.file("huge.bin", b"")
    os.truncate(path, 256 << 20)
    c = Client(ctx.server.port, receive_buffer=4096)
    c.send("GET /huge.bin?log9 HTTP/1.1\r\nHost: test\r\n\r\n")
    c.take(1000)
    c.close()
    sent = int(last(ctx.server, b"log9")[2])
    assert 0 < sent < 256 << 20, sent


def test_silence_is_not_logged(ctx):
    n = len(ctx.server.lines())
    for _ in range(5):
        c = ctx.connect()
        c.close()
    ctx.get("/hello.txt?log10")
    ctx.server.wait_for_line(b"log10")
    equal(len(ctx.server.lines()), n + 1, "lines")


def test_standard_output(ctx):
    """With -l - and without -l alike."""
    for options in (["-l", "-"], []):
        with Server(ctx.scratch.www, options, log="") as s:
            with Client(s.port) as c:
                c.ask("/hello.txt?stdout")
            wait_for(lambda: b"?stdout" in s.out, "the line")
            assert LINE.fullmatch(s.out.splitlines()[2]), s.out
            s.stop()
            equal(len(s.out.splitlines()), 4, "lines")


def test_appends(ctx):
    path = ctx.scratch.file("access.log", b"before\n", ctx.scratch.path)
    with Server(ctx.scratch.www, log=path) as s:
        with Client(s.port) as c:
            c.ask("/hello.txt")
        s.stop()
        lines = s.lines()
    equal((len(lines), lines[0]), (2, b"before"))


def test_disk_full(ctx):
    with Server(ctx.scratch.www, log="/dev/full", may_warn=True) as s:
        with Client(s.port) as c:
            for _ in range(20):
                equal(c.ask("/hello.txt").status, 200)
        equal(s.stop()[0], 20, "requests")
        equal(s.complaints(),
              b"pondserve: 20 lines of the log could not be written\n")


def test_pipe_that_nobody_reads(ctx):
    """The server does not wait for its log."""
    path = os.path.join(ctx.scratch.path, "log.fifo")
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with Server(ctx.scratch.www, log=path, may_warn=True) as s:
            with Client(s.port) as c:
                for _ in range(40):
                    c.send(("GET /none?%s HTTP/1.1\r\nHost: test\r\n\r\n" %
                            ("a" * 2000)) * 10)
                    for _ in range(10):
                        equal(c.response().status, 404)
            equal(s.stop()[0], 400, "requests")
            dropped = re.fullmatch(rb"pondserve: (\d+) lines of the log could "
                                   rb"not be written\n", s.complaints())
            assert dropped, s.err
            got = b""
            while True:
                try:
                    some = os.read(reader, 65536)
                except BlockingIOError:
                    break
                if not some:
                    break
                got += some
            whole = got.count(b"\n")
            assert abs(whole + int(dropped[1]) - 400) <= 1, (whole, dropped[1])
    finally:
        os.close(reader)
