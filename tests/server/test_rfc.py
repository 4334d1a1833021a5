# SPDX-License-Identifier: BSD-2-Clause
"""Every row of docs/http.md, byte for byte: what is sent stands in rfc_rows.py,
what has to come back in the table itself."""
import os
import re

from harness import Client, Response, Server, equal
from rfc_rows import ROWS

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                     "docs", "http.md")
CONFIG = ("[limits]\nhead_timeout = 300ms\n"
          "[location]\npath = /echo\nhandler = echo\n")
STATUS_LINE = {
    100: "Continue", 200: "OK", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 304: "Not Modified", 400: "Bad Request",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
    412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
    416: "Range Not Satisfiable", 417: "Expectation Failed",
    431: "Request Header Fields Too Large", 501: "Not Implemented",
    505: "HTTP Version Not Supported"}


def outcomes():
    with open(TABLE) as f:
        rows = re.findall(r"^\| ([a-z0-9-]+) \|.*\| ([^|]+) \|$", f.read(),
                          re.M)
    return {name: out for name, out in rows if name != "---"}


def next_head(c):
    while b"\r\n\r\n" not in c.buffer:
        assert c.receive(), "the end within a head: %r" % c.buffer
    return Response(c.take(c.buffer.index(b"\r\n\r\n") + 4), b"")


def next_answer(c, wanted, ends):
    status, _, framing = wanted.partition(" ")
    r = next_head(c)
    equal((r.status, r.phrase), (int(status), STATUS_LINE[int(status)]))
    if framing == "":
        equal(r.fields, [])
        return
    length, coding = r["content-length"], r["transfer-encoding"]
    if framing == "length":
        equal(coding, None)
        c.take(int(length))
    elif framing == "head":
        assert int(length) > 0 and coding is None
    elif framing == "none":
        equal((length, coding), (None, None))
    else:
        equal((length, coding), (None, "chunked"))
        while not c.buffer.endswith(b"\r\n0\r\n\r\n"):
            assert c.receive(), "the end within chunks"
        c.buffer = b""
    # HTTP/1.0 is told what HTTP/1.1 takes for granted.
    assert r["connection"] in (("close",) if ends else (None, "keep-alive"))


def run_row(port, name, data, outcome):
    outcome, _, end = outcome.rpartition(" ")
    half_close = data.endswith(b"$")
    parts = data.rstrip(b"$").split(b"|")
    wanted = [] if outcome == "silence" else outcome.split(" then ")
    with Client(port) as c:
        for part in parts:
            c.send(part)
            if part is not parts[-1]:
                next_answer(c, wanted.pop(0), False)
        if half_close:
            c.half_close()
        for i, one in enumerate(wanted):
            last = i == len(wanted) - 1
            next_answer(c, one, last and end == "closes" and
                        not (half_close and one.startswith("2")))
        if end == "closes":
            c.must_be_closed()
        else:
            equal(c.buffer, b"", "what comes behind")
            c.must_be_open()


def test_rows(ctx):
    ctx.scratch.file("text.txt", b"line\n" * 400)
    ctx.scratch.file("sub/index.html", b"<p>sub\n")
    ctx.scratch.file("empty.bin")
    path = ctx.scratch.file("hello.txt", b"hello\n")
    os.utime(path, (784111777, 784111777))
    table = outcomes()
    equal(sorted(table), sorted(ROWS), "rows of the table")
    assert len(table) > 80, len(table)
    with Server(ctx.scratch.www, config=CONFIG) as s:
        for name, data in ROWS.items():
            try:
                run_row(s.port, name, data, table[name])
            except AssertionError as why:
                raise AssertionError("row %s (%s): %s" %
                                     (name, table[name], why))
        equal(s.stop()[3], 0)
