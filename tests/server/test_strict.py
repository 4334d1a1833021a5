# SPDX-License-Identifier: BSD-2-Clause
"""Requests that two readers could read in two ways, byte for byte, and those
that only look odd. Each refusal is a whole response, and the last."""
import random

from harness import equal

HOST = b"Host: test\r\n"
GET = b"GET /hello.txt HTTP/1.1\r\n"


def head(fields, host=HOST):
    return GET + host + fields + b"\r\n"


def body(fields, data):
    return head(fields) + data


TE = b"Transfer-Encoding: chunked\r\n"

REFUSED = [
    # the request line
    (400, b"\x16\x03\x01\x02\x00\x01\x00"),
    (400, b"\x00"),
    (400, b"\n" + head(b"")),
    (400, b"\r\n\r\n" + head(b"")),
    (400, b"\r" + head(b"")),
    (400, b" " + head(b"")),
    (400, b"(GET / HTTP/1.1\r\n"),
    (400, b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /  HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.1\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.1\r" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.1\rX" + HOST + b"\r\n"),
    (400, b"GET /\r\n" + HOST + b"\r\n"),
    (400, b"GET /\n"),
    (400, b"GET\r\n\r\n"),
    (400, b"GET / http/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/11\r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.\r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTP/1.10\r\n" + HOST + b"\r\n"),
    (400, b"GET / HTTPS/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /a\x00b HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /a\x01b HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /a\x7fb HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /\xc3\xbc HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /a#b HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET hello.txt HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET * HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET test:80 HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET ftp://test/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET http:///hello.txt HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET http://u@test/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"OPTIONS *x HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"get / HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"GETT / HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"PROPFIND / HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"CONNECT test:80 HTTP/1.1\r\n" + HOST + b"\r\n"),
    (501, b"A" * 100 + b" / HTTP/1.1\r\n"),
    (505, b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
    (505, b"GET / HTTP/1.2\r\n" + HOST + b"\r\n"),
    (505, b"GET / HTTP/0.9\r\n" + HOST + b"\r\n"),
    (505, b"GET / HTTP/9.9\r\n" + HOST + b"\r\n"),
    (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (414, b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    (414, b"GET /" + b"a" * 60000),
    # field lines
    (400, head(b"X: a\nY: b\r\n")),
    (400, head(b"X: a\rY: b\r\n")),
    (400, head(b"X:\rY: b\r\n")),
    (400, head(b"X: a\r\r\n")),
    (400, head(b"X: a\r\n\rY: b\r\n")),
    (400, GET + HOST + b"\r\rX"),
    (400, GET + HOST + b"\n"),
    (400, GET + HOST[:-2] + b"\n\r\n"),
    (400, head(b"X: a\x00b\r\n")),
    (400, head(b"X: a\x01b\r\n")),
    (400, head(b"X: a\x7fb\r\n")),
    (400, head(b"X\x00: a\r\n")),
    (400, head(b"X: a\r\n b\r\n")),
    (400, head(b"X: a\r\n\tb\r\n")),
    (400, head(b"X:\r\n a\r\n")),
    (400, GET + b" " + HOST + b"\r\n"),
    (400, GET + b"\t\r\n" + HOST + b"\r\n"),
    (400, head(b"X : a\r\n")),
    (400, head(b"X\t: a\r\n")),
    (400, head(b"X Y: a\r\n")),
    (400, head(b": a\r\n")),
    (400, head(b"X\r\n")),
    (400, head(b"X\xe4: a\r\n")),
    (400, head(b"X(: a\r\n")),
    (431, head(b"X: " + b"a" * 33000 + b"\r\n")),
    (431, head(b"".join(b"X%d: y\r\n" % i for i in range(100)))),
    (431, GET + b"X: y\r\n" * 6000),
    # whose it is
    (400, head(b"", b"")),
    (400, head(b"", b"Host: test\r\nHost: test\r\n")),
    (400, head(b"", b"Host: test\r\nHost: other\r\n")),
    (400, head(b"", b"Host:\r\n")),
    (400, head(b"", b"Host: a b\r\n")),
    (400, head(b"", b"Host: a/b\r\n")),
    (400, head(b"", b"Host: a@b\r\n")),
    (400, head(b"", b"Host: a,b\r\n".replace(b",", b"\\"))),
    (400, head(b"", b"Host: test:x\r\n")),
    (400, head(b"", b"Host: test:65536\r\n")),
    (400, head(b"", b"Host: test:80:80\r\n")),
    (400, head(b"", b"Host: :80\r\n")),
    (400, head(b"", b"Host: [::1\r\n")),
    (400, head(b"", b"Host: [test]\r\n")),
    (400, head(b"", b"Host: [::1]x\r\n")),
    (400, head(b"", b"Host: te%zzst\r\n")),
    (400, head(b"", b"Host: t\xe4st\r\n")),
    (400, b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
    # how long its body is
    (400, head(b"Content-Length: 1\r\nContent-Length: 1\r\n")),
    (400, head(b"Content-Length: 1\r\nContent-Length: 2\r\n")),
    (400, head(b"Content-Length: 1, 1\r\n")),
    (400, head(b"Content-Length: +1\r\n")),
    (400, head(b"Content-Length: -1\r\n")),
    (400, head(b"Content-Length: 0x1\r\n")),
    (400, head(b"Content-Length: 1 1\r\n")),
    (400, head(b"Content-Length: a\r\n")),
    (400, head(b"Content-Length:\r\n")),
    (400, head(b"Content-Length: 18446744073709551616\r\n")),
    (400, head(b"Content-Length: 99999999999999999999999\r\n")),
    (413, head(b"Content-Length: 18446744073709551615\r\n")),
    (400, body(TE + b"Content-Length: 5\r\n", b"0\r\n\r\n")),
    (400, body(b"Content-Length: 5\r\n" + TE, b"0\r\n\r\n")),
    (400, b"GET / HTTP/1.0\r\n" + TE + b"\r\n0\r\n\r\n"),
    (400, head(b"Transfer-Encoding: chunked, chunked\r\n")),
    (400, head(TE + TE)),
    (400, head(b"Transfer-Encoding: chunked, gzip\r\n")),
    (400, head(b"Transfer-Encoding: gzip\r\n")),
    (400, head(b"Transfer-Encoding:\r\n")),
    (400, head(b"Transfer-Encoding: ,\r\n")),
    (501, head(b"Transfer-Encoding: gzip, chunked\r\n")),
    (501, head(b"Transfer-Encoding: gzip\r\n" + TE)),
    (501, head(b"Transfer-Encoding: frob\r\n")),
    (501, head(b"Transfer-Encoding: xchunked\r\n")),
    (501, head(b"Transfer-Encoding: identity\r\n")),
    (501, head(b"Transfer-Encoding: \"chunked\"\r\n")),
    (417, head(b"Expect: frob\r\n")),
    # chunks
    (400, body(TE, b"g\r\n")),
    (400, body(TE, b"\r\n")),
    (400, body(TE, b"-1\r\n")),
    (400, body(TE, b"0x1\r\n")),
    (400, body(TE, b" 1\r\n")),
    (400, body(TE, b"1 \r\n")),
    (400, body(TE, b"1\n")),
    (400, body(TE, b"1\rX")),
    (400, body(TE, b"1;a\x00\r\n")),
    (400, body(TE, b"1;a\n1")),
    (400, body(TE, b"1;" + b"a" * 2000)),
    (400, body(TE, b"1\r\nab\r\n")),
    (400, body(TE, b"1\r\na\n0\r\n\r\n")),
    (400, body(TE, b"1\r\na\r0\r\n\r\n")),
    (400, body(TE, b"1\r\na0\r\n\r\n")),
    (400, body(TE, b"0\r\nX: a\nY: b\r\n\r\n")),
    (400, body(TE, b"0\r\nX:\rY: b\r\n\r\n")),
    (400, body(TE, b"0\r\nX: a\r\n b\r\n\r\n")),
    (400, body(TE, b"0\r\n: a\r\n\r\n")),
    (400, body(TE, b"0\r\nX : a\r\n\r\n")),
    (400, body(TE, b"0\r\n\n")),
    (400, body(TE, b"0\r\n\rX")),
    (413, body(TE, b"ffffffffffffffffff\r\n")),
    (413, body(TE, b"100001\r\n")),
    (431, body(TE, b"0\r\n" + b"X: y\r\n" * 101)),
    (431, body(TE, b"0\r\nX: " + b"y" * 40000)),
]

PASSED = [
    head(b""),
    b"\r\n" + head(b""),
    head(b"X:\r\n"),
    head(b"X:   \t \r\n"),
    head(b"X:a\r\n"),
    head(b"X: \xe4\xff\r\n"),
    head(b"X: a\tb\r\n"),
    head(b"!#$%&'*+-.^_`|~09azAZ: a\r\n"),
    head(b"", b"hOST:test\r\n"),
    head(b"", b"Host: test:80 \r\n"),
    head(b"", b"Host: test:\r\n"),
    head(b"", b"Host: 127.0.0.1:8080\r\n"),
    head(b"", b"Host: [::1]:8080\r\n"),
    head(b"", b"Host: a_b-c.d~e!$&'()*+,;=%41\r\n"),
    head(b"".join(b"X%d: y\r\n" % i for i in range(99))),
    head(b"X: " + b"a" * 32000 + b"\r\n"),
    head(b"Content-Length: 0\r\n"),
    head(b"Content-Length: 00000\r\n"),
    body(b"Content-Length: 003\r\n", b"abc"),
    body(b"TRANSFER-ENCODING:CHUNKED \r\n", b"0\r\n\r\n"),
    body(TE, b"1;a=b;c=\"d\"\r\nx\r\n0\r\n\r\n"),
    body(TE, b"0001\r\nx\r\n000\r\nX: y\r\n\r\n"),
    body(TE, b"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
    b"GET /hello.txt?" + b"a" * 8100 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /hello.txt?x<>\"{}|\\^`' HTTP/1.1\r\n" + HOST + b"\r\n",
]


def must_be_refused(ctx, status, data, trickled):
    with ctx.connect() as c:
        if trickled:
            c.trickle(data)
        else:
            c.send(data)
        r = c.response()
        equal((r.status, r["connection"]), (status, "close"),
              "the answer to %r" % data[:120])
        assert len(r.body) > 0
        c.must_be_closed()


def test_refused(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    for status, data in REFUSED:
        must_be_refused(ctx, status, data, False)


def test_refused_when_trickled(ctx):
    for status, data in REFUSED:
        if len(data) < 300:
            must_be_refused(ctx, status, data, True)


def test_refused_without_a_body(ctx):
    """HEAD wants none, also where its refusal comes early."""
    for rest, status in (
            (b" HTTP/1.1\r\nHost: test\r\nX : y\r\n\r\n", 400),
            (b" HTTP/1.1\r\n\r\n", 400), (b" HTTP/1.1\n", 400),
            (b"\x01", 400), (b" HTTP/2.0\r\n\r\n", 505),
            (b" HTTP/1.1\r\nHost: test\r\nX: " + b"y" * 40000, 431),
            (b"a" * 9000, 414)):
        with ctx.connect() as c:
            c.send(b"HEAD /" + rest)
            r = c.response("HEAD")
            equal((r.status, r["connection"]), (status, "close"), rest[:40])
            assert int(r["content-length"]) > 0, r.head
            c.must_be_closed()


def test_refused_behind_others(ctx):
    for status, data in REFUSED:
        if data[:2] in (b"\r\n", b"\n", b"\r"):
            continue
        with ctx.connect() as c:
            c.send(head(b"") * 2 + data)
            equal(c.response().status, 200)
            equal(c.response().status, 200)
            equal(c.response().status, status, "the answer to %r" % data[:120])
            c.must_be_closed()


def test_passed(ctx):
    for data in PASSED:
        with ctx.connect() as c:
            c.send(data + head(b""))
            equal(c.response().status, 200, "the answer to %r" % data[:120])
            equal(c.response().status, 200, "the next to %r" % data[:120])
            c.must_be_open()


def test_passed_when_trickled(ctx):
    for data in PASSED:
        if len(data) > 300:
            continue
        with ctx.connect() as c:
            c.trickle(data + head(b""))
            equal(c.response().status, 200, "the answer to %r" % data[:120])
            equal(c.response().status, 200, "the next to %r" % data[:120])


def test_http10_needs_no_host(ctx):
    with ctx.connect() as c:
        c.send(b"GET /hello.txt HTTP/1.0\r\n\r\n")
        equal(c.response().status, 200)


def test_random_bytes(ctx):
    """Good requests, mangled: whatever comes, the server answers the next."""
    noise = random.Random(4)
    seeds = [d for _, d in REFUSED if len(d) < 300] + PASSED
    for _ in range(1500):
        data = bytearray(noise.choice(seeds)[:400])
        for _ in range(noise.randrange(1, 5)):
            at = noise.randrange(len(data))
            what = noise.randrange(3)
            if what == 0:
                data[at] = noise.choice(b"\r\n\0 :\t,;%/.\x7f\xffA0")
            elif what == 1:
                del data[at:at + noise.randrange(1, 8)]
            else:
                data[at:at] = noise.choice([b"\r\n", b"\r\n\r\n", b"\0", b" ",
                                            b"Host: b\r\n", b"chunked", TE])
            if not data:
                data = bytearray(b"G")
        with ctx.connect() as c:
            c.send(bytes(data))
            c.half_close()
            while not c.at_end():
                c.response()
    ctx.server.must_run()
