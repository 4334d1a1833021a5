# SPDX-License-Identifier: BSD-2-Clause
"""Proxies that are trusted, and those that are not."""
import os
import socket
import struct

import harness
from harness import Client, Server, equal

GET = b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def second(command, family, data):
    return SIGNATURE + struct.pack(">BBH", 0x20 | command, family,
                                   len(data)) + data


V4 = bytes([192, 0, 2, 7, 127, 0, 0, 1]) + struct.pack(">HH", 4000, 80)
V6 = (socket.inet_pton(socket.AF_INET6, "2001:db8::7") +
      socket.inet_pton(socket.AF_INET6, "::1") + struct.pack(">HH", 4000, 80))

GOOD = [
    (b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\r\n", b"192.0.2.7"),
    (b"PROXY TCP6 2001:db8::7 ::1 4000 80\r\n", b"2001:db8::7"),
    (b"PROXY UNKNOWN\r\n", b"127.0.0.1"),
    (b"PROXY UNKNOWN what ever 1 2\r\n", b"127.0.0.1"),
    (second(1, 0x11, V4), b"192.0.2.7"),
    (second(1, 0x21, V6), b"2001:db8::7"),
    (second(1, 0x11, V4 + b"\x04\0\x03abc"), b"192.0.2.7"),
    (second(0, 0x11, V4), b"127.0.0.1"),
    (second(0, 0, b""), b"127.0.0.1"),
    (second(1, 0, b"x" * 500), b"127.0.0.1"),
]

BAD = [
    b"GET / HTTP/1.1\r\n", b"PROXY\r\n", b"PROXY TCP4\r\n",
    b"PROXY TCP4 192.0.2.7 127.0.0.1 4000\r\n",
    b"PROXY TCP4 192.0.2.777 127.0.0.1 4000 80\r\n",
    b"PROXY TCP4 2001:db8::7 ::1 4000 80\r\n",
    b"PROXY TCP5 192.0.2.7 127.0.0.1 4000 80\r\n",
    b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 80000\r\n",
    b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 80 \r\n",
    b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 80\rX",
    b"PROXY " + b"x" * 120, b"\r\n\r\n\0\r\nQUITx",
    SIGNATURE + b"\x11\x11\0\x0c" + V4, SIGNATURE + b"\x22\x11\0\x0c" + V4,
    SIGNATURE + b"\x21\x11\0\x04" + V4[:4], SIGNATURE + b"\x21\x11\xff\xff",
    SIGNATURE + b"\x21\x41\0\x0c" + V4, SIGNATURE + b"\x21\x13\0\x0c" + V4,
]


def with_header(ctx, trusted="127.0.0.1", limits=""):
    """A server whose only listener wants a header; it is found by its port."""
    import subprocess
    ctx.scratch.file("hello.txt", b"hello\n")
    port = harness.free_port()
    log = ctx.scratch.file("proxy.log", b"", ctx.scratch.path)
    path = ctx.scratch.file("proxy.conf", (
        "[server]\nlisten = 127.0.0.1:%d proxy\ntrusted_proxy = %s\nlog = %s\n"
        "[limits]\nhead_timeout = 200ms\n%s\n[site]\nroot = www\n" %
        (port, trusted, log, limits)).encode(), ctx.scratch.path)
    p = subprocess.Popen([harness.PONDSERVE, "-c", path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, **harness.SANITIZERS))
    p.stdout.readline()
    return p, port, log


def ended(p):
    p.terminate()
    out, _ = p.communicate()
    equal(p.returncode, 0)
    assert out.endswith(b"ponds left: 0\n"), out


def test_header(ctx):
    p, port, log = with_header(ctx)
    for i, (header, _) in enumerate(GOOD):
        request = GET.replace(b"hello.txt", b"hello.txt?%d" % i) + b"\r\n"
        with Client(port) as c:
            c.send(header + request)
            equal(c.response().status, 200, header)
            c.send(request)
            equal(c.response().status, 200, header)
        with Client(port) as c:
            c.trickle(header + request)
            equal(c.response().status, 200, header)
    for header in BAD:
        with Client(port) as c:
            c.send(header + b"\r\n" + GET + b"\r\n")
            c.must_be_closed()
            equal(c.buffer, b"")
    for part in (b"", GOOD[0][0][:20], GOOD[4][0][:20]):
        with Client(port) as c:  # never finished: it ends by itself
            c.send(part)
            c.must_be_closed()
        with Client(port) as c:
            c.send(part)
            c.half_close()
            c.must_be_closed()
    ended(p)
    with open(log, "rb") as f:
        lines = f.read().splitlines()
    equal(len(lines), 3 * len(GOOD))
    for line in lines:
        i = int(line.split(b"hello.txt?")[1].split()[0])
        assert line.startswith(GOOD[i][1] + b" - - ["), (line, GOOD[i])


def test_header_of_a_stranger(ctx):
    p, port, _ = with_header(ctx, trusted="10.0.0.0/8")
    with Client(port) as c:
        try:
            c.send(GOOD[0][0] + GET + b"\r\n")
        except OSError:
            pass
        c.must_be_closed()
    ended(p)


def test_addresses_count_behind_a_proxy(ctx):
    p, port, _ = with_header(ctx, limits="connections_per_address = 1")
    first = b"PROXY TCP4 192.0.2.%d 127.0.0.1 4000 80\r\n"
    kept = []
    for i in range(3):
        c = Client(port)
        c.send(first % i + GET + b"\r\n")
        equal(c.response().status, 200)
        kept.append(c)
    with Client(port) as c:
        c.send(first % 1 + GET + b"\r\n")
        equal(c.response().status, 503)
        c.must_be_closed()
    for c in kept:
        c.close()
    ended(p)


def test_forwarded_for(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    cases = [
        ("192.0.2.1", b"192.0.2.1"), ("1.1.1.1, 192.0.2.1", b"192.0.2.1"),
        ("192.0.2.1, 10.1.2.3", b"192.0.2.1"),
        ("192.0.2.1,10.1.2.3 , 127.0.0.1", b"192.0.2.1"),
        ("2001:db8::1", b"2001:db8::1"), ("10.1.2.3", b"10.1.2.3"),
        ("nonsense", b"127.0.0.1"), ("192.0.2.1, nonsense", b"127.0.0.1"),
        ("", b"127.0.0.1"), (",,192.0.2.1,,", b"192.0.2.1"),
        ("1.1.1.1\r\nX-Forwarded-For: 192.0.2.1", b"192.0.2.1"),
        ("192.0.2.1\r\nX-Forwarded-For: 10.0.0.1", b"192.0.2.1"),
    ]
    for trusted, believed in (("127.0.0.1, 10.0.0.0/8", True),
                              ("10.0.0.0/8", False)):
        with Server(ctx.scratch.www,
                    config="[server]\ntrusted_proxy = %s\n" % trusted) as s:
            with Client(s.port) as c:
                for i, (value, _) in enumerate(cases):
                    c.ask("/hello.txt?%d" % i,
                          headers="X-Forwarded-For: %s\r\n" % value)
            for i, (value, wanted) in enumerate(cases):
                line = s.wait_for_line(b"hello.txt?%d " % i)
                wanted = wanted if believed else b"127.0.0.1"
                assert line.startswith(wanted + b" - - ["), (value, line)
