# SPDX-License-Identifier: BSD-2-Clause
"""Conditions, ranges, encodings, listings: what a client gets of a file."""
import gzip
import os
import random
import re
import zlib

from harness import Client, Server, equal, wait_for

DATE = 784111777
SAID = "Sun, 06 Nov 1994 08:49:37 GMT"
LATER = "Sun, 06 Nov 1994 08:49:38 GMT"
EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT"
DIGITS = b"0123456789"


def dated(ctx, name="digits.bin", data=DIGITS):
    path = ctx.scratch.file(name, data)
    os.utime(path, (DATE, DATE))
    return path


def chunked(client):
    r = client.response()
    equal(r["transfer-encoding"], "chunked")
    return r


def test_conditions(ctx):
    dated(ctx)
    with ctx.connect() as c:
        tag = c.ask("/digits.bin")["etag"]
        assert re.fullmatch(r'"[!-~]+"', tag), tag
        for fields, get, head in (
                ("If-Match: *", 200, 200), ("If-Match: " + tag, 200, 200),
                ('If-Match: "a", ' + tag, 200, 200),
                ('If-Match: "a,b",,' + tag, 200, 200),
                ('If-Match: "a"\r\nIf-Match: ' + tag, 200, 200),
                ('If-Match: "a"', 412, 412), ("If-Match: W/" + tag, 412, 412),
                ("If-Match: " + tag[:-1], 412, 412), ("If-Match:", 412, 412),
                ("If-Match: x" + tag, 412, 412),
                ("If-Unmodified-Since: " + SAID, 200, 200),
                ("If-Unmodified-Since: " + EARLIER, 412, 412),
                ("If-Unmodified-Since: soon", 200, 200),
                ("If-Match: *\r\nIf-Unmodified-Since: " + EARLIER, 200, 200),
                ("If-None-Match: *", 304, 304),
                ("If-None-Match: " + tag, 304, 304),
                ("If-None-Match: W/" + tag, 304, 304),
                ('If-None-Match: "b", W/"c",' + tag, 304, 304),
                ('If-None-Match: "b"', 200, 200),
                ("If-None-Match: b", 200, 200),
                ('If-None-Match: "b"\r\nIf-Modified-Since: ' + LATER, 200, 200),
                ("If-Modified-Since: " + SAID, 304, 304),
                ("If-Modified-Since: " + LATER, 304, 304),
                ("If-Modified-Since: " + EARLIER, 200, 200),
                ('If-Match: "a"\r\nIf-None-Match: *', 412, 412),
                ("If-Match: %s\r\nIf-None-Match: %s" % (tag, tag), 304, 304)):
            for method, wanted in (("GET", get), ("HEAD", head)):
                r = c.ask("/digits.bin", method, fields + "\r\n")
                equal(r.status, wanted, method + " " + fields)
                if wanted != 412:
                    equal((r["etag"], r["last-modified"]), (tag, SAID))
                if wanted == 304:
                    equal((r["content-length"], r["content-type"]),
                          (None, None))
        r = c.ask("/none", headers="If-None-Match: *\r\nIf-Match: *\r\n")
        equal(r.status, 404)
        c.must_be_open("/digits.bin")


def test_tag_changes_with_the_file(ctx):
    dated(ctx, "tagged.bin", b"one")
    first = ctx.get("/tagged.bin")["etag"]
    path = dated(ctx, "tagged.bin", b"three")
    second = ctx.get("/tagged.bin")["etag"]
    os.utime(path, ns=(DATE * 10**9 + 5, DATE * 10**9 + 5))
    wait_for(lambda: ctx.get("/tagged.bin")["etag"] not in (first, second),
             "another tag")
    assert first != second


def test_ranges(ctx):
    dated(ctx)
    whole = (200, DIGITS, None)
    tag = ctx.get("/digits.bin")["etag"]
    for fields, wanted in (
            ("bytes=0-0", (206, b"0", "bytes 0-0/10")),
            ("bytes=2-4", (206, b"234", "bytes 2-4/10")),
            ("BYTES=2-4", (206, b"234", "bytes 2-4/10")),
            ("bytes=7-", (206, b"789", "bytes 7-9/10")),
            ("bytes=7-99", (206, b"789", "bytes 7-9/10")),
            ("bytes=7-99999999999999999999999", (206, b"789", "bytes 7-9/10")),
            ("bytes=-3", (206, b"789", "bytes 7-9/10")),
            ("bytes=-99", (206, DIGITS, "bytes 0-9/10")),
            ("bytes=0-", (206, DIGITS, "bytes 0-9/10")),
            ("bytes= 1-2 ,", (206, b"12", "bytes 1-2/10")),
            ("bytes=1-2,50-60", (206, b"12", "bytes 1-2/10")),
            ("bytes=10-", (416, None, "bytes */10")),
            ("bytes=99999999999999999999-", (416, None, "bytes */10")),
            ("bytes=-0", (416, None, "bytes */10")),
            ("bytes=10-,20-30", (416, None, "bytes */10")),
            ("bytes=4-2", whole), ("bytes=", whole), ("bytes", whole),
            ("bytes=a-b", whole), ("bytes=1", whole), ("bytes=--1", whole),
            ("bytes=1-2-3", whole), ("bytes=1-2x", whole), ("bytes=-", whole),
            ("items=0-1", whole), ("bytes =0-1", whole), ("", whole),
            ("bytes=0-3,2-5", whole), ("bytes=0-,-1", whole),
            ("bytes=" + ",".join(["0-0"] * 17), whole),
            ("bytes=0-1\r\nRange: bytes=2-3", whole),
            ("bytes=1-2\r\nIf-Range: " + tag, (206, b"12", "bytes 1-2/10")),
            ("bytes=1-2\r\nIf-Range: " + SAID, (206, b"12", "bytes 1-2/10")),
            ('bytes=1-2\r\nIf-Range: "x"', whole),
            ("bytes=1-2\r\nIf-Range: W/" + tag, whole),
            ("bytes=1-2\r\nIf-Range: " + LATER, whole),
            ("bytes=1-2\r\nIf-Range: " + EARLIER, whole),
            ("bytes=99-\r\nIf-Range: " + LATER, whole)):
        with ctx.connect() as c:
            r = c.ask("/digits.bin", headers="Range: %s\r\n" % fields)
            equal((r.status, r["content-range"]), (wanted[0], wanted[2]),
                  fields)
            if wanted[1] is not None:
                equal(r.body, wanted[1], fields)
                equal((r["etag"], r["accept-ranges"]), (tag, "bytes"))
            c.must_be_open("/digits.bin")
    r = ctx.get("/digits.bin", headers="Range: bytes=0-1\r\n"
                "If-None-Match: %s\r\n" % tag)
    equal(r.status, 304)
    with ctx.connect() as c:
        r = c.ask("/digits.bin", "HEAD", "Range: bytes=0-1\r\n")
        equal((r.status, r["content-length"]), (200, "10"))
    ctx.scratch.file("empty.bin", b"")
    for value in ("bytes=0-", "bytes=-1"):
        r = ctx.get("/empty.bin", headers="Range: %s\r\n" % value)
        equal((r.status, r.body), (200, b""), value)


def parts_of(r):
    found = re.fullmatch(r"multipart/byteranges; boundary=([0-9a-z]+)",
                         r["content-type"])
    mark = b"--" + found[1].encode()
    assert r.body.startswith(mark + b"\r\n"), r.body[:80]
    assert r.body.endswith(b"\r\n" + mark + b"--\r\n"), r.body[-80:]
    body = r.body[len(mark) + 2:-len(mark) - 6]
    return [tuple(p.split(b"\r\n\r\n", 1))
            for p in body.split(b"\r\n" + mark + b"\r\n")]


def test_several_ranges(ctx):
    dated(ctx)
    big = random.Random(9).randbytes(300000)
    ctx.scratch.file("ranged.bin", big)
    r = ctx.get("/digits.bin", headers="Range: bytes=0-1, 4-5,-2,77-\r\n")
    equal(r.status, 206)
    kind = b"Content-Type: application/octet-stream\r\nContent-Range: "
    equal(parts_of(r), [(kind + b"bytes 0-1/10", b"01"),
                        (kind + b"bytes 4-5/10", b"45"),
                        (kind + b"bytes 8-9/10", b"89")])
    r = ctx.get("/ranged.bin", headers="Range: bytes=200000-250000,0-99999\r\n")
    equal([p[1] for p in parts_of(r)], [big[200000:250001], big[:100000]])
    noise = random.Random(10)
    for _ in range(100):
        at = noise.randrange(300000)
        n = noise.randrange(1, 300000 - at + 1)
        r = ctx.get("/ranged.bin",
                    headers="Range: bytes=%d-%d\r\n" % (at, at + n - 1))
        assert r.body == big[at:at + n], (at, n)


def test_packed_on_the_way(ctx):
    noise = random.Random(11)
    text = b"".join(b"line %d\n" % noise.randrange(1 << 40)
                    for _ in range(20000))
    for name, size in (("p1.txt", 1024), ("p2.txt", 30000), ("p3.txt", 32769),
                       ("p4.txt", 300000)):
        ctx.scratch.file(name, text[:size])
        with ctx.connect() as c:
            c.send("GET /%s HTTP/1.1\r\nHost: test\r\n"
                   "Accept-Encoding: gzip\r\n\r\n" % name)
            r = chunked(c)
            equal((r.status, r["content-encoding"], r["vary"],
                   r["accept-ranges"]),
                  (200, "gzip", "Accept-Encoding", None))
            assert gzip.decompress(r.body) == text[:size], name
            plain = c.ask("/" + name)
            equal((plain["content-encoding"], plain["vary"]),
                  (None, "Accept-Encoding"))
            assert plain.body == text[:size]
            assert plain["etag"] != r["etag"]
            equal(c.ask("/" + name, headers="Accept-Encoding: gzip\r\n"
                        "If-None-Match: %s\r\n" % r["etag"]).status, 304)
            equal(c.ask("/" + name, headers="If-Match: %s\r\n" %
                        r["etag"]).status, 412)
            head = c.ask("/" + name, "HEAD", "Accept-Encoding: gzip\r\n")
            equal((head["etag"], head["content-encoding"],
                   head["content-length"]), (r["etag"], "gzip", None))
            part = c.ask("/" + name, headers="Accept-Encoding: gzip\r\n"
                         "Range: bytes=5-9\r\n")
            equal((part.status, part.body, part["content-encoding"]),
                  (206, text[5:10], None))
            c.send("GET /%s HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n" % name)
            equal(c.response()["content-encoding"], None)


def test_not_packed(ctx):
    ctx.scratch.file("short.txt", b"x" * 1023)
    ctx.scratch.file("long.txt", b"x" * 1048577)
    ctx.scratch.file("picture.png", b"x" * 5000)
    for name, vary in (("short.txt", None), ("long.txt", None),
                       ("picture.png", None)):
        r = ctx.get("/" + name, headers="Accept-Encoding: gzip\r\n")
        equal((r["content-encoding"], r["vary"]), (None, vary), name)
    equal(ctx.get("/none", headers="Accept-Encoding: gzip\r\n")
          ["content-encoding"], None)


def test_packed_and_pipelined(ctx):
    ctx.scratch.file("p.txt", b"line\n" * 3000)
    ctx.scratch.file("hello.txt", b"hello\n")
    ask = "GET /%s HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n"
    with ctx.connect() as c:
        c.send((ask % "hello.txt" + ask % "p.txt") * 20)
        for _ in range(20):
            equal(c.response().body, b"hello\n")
            equal(gzip.decompress(chunked(c).body), b"line\n" * 3000)
        c.must_be_open()


def test_packed_in_chunks_and_pipelined(ctx):
    """More than one chunk is not all there when the next answer is made."""
    noise = random.Random(3)
    data = b"".join(b"%d\n" % noise.getrandbits(40) for _ in range(6000))
    ctx.scratch.file("noise.txt", data)
    ctx.scratch.file("hello.txt", b"hello\n")
    ask = "GET /%s HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n"
    with ctx.connect() as c:
        c.send((ask % "noise.txt" + ask % "hello.txt") * 20)
        for _ in range(20):
            equal(gzip.decompress(chunked(c).body), data)
            equal(c.response().body, b"hello\n")
        c.must_be_open()


def test_what_is_taken(ctx):
    ctx.scratch.file("acc.txt", b"plain" * 300)
    ctx.scratch.file("acc.txt.gz", gzip.compress(b"plain" * 300))
    ctx.scratch.file("acc.txt.br", b"not really brotli")
    for value, wanted in (
            (None, None), ("", None), ("gzip", "gzip"), ("GZIP", "gzip"),
            ("x-gzip", "gzip"), ("br", "br"), ("gzip, br", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"), ("gzip;q=0", None),
            ("gzip;q=0.000", None), ("gzip;q=0.001", "gzip"),
            ("gzip ; q=0.5", "gzip"), ("gzip;q=1.001", None),
            ("gzip;q=x", None), ("gzip;x=1", None), ("*", "br"),
            ("*;q=0", None), ("*, br;q=0", "gzip"), ("identity", None),
            ("identity, gzip;q=0.5", None), ("identity;q=0.5, gzip", "gzip"),
            ("deflate, compress, zstd", None), (",,gzip,,", "gzip"),
            ("deflate\r\nAccept-Encoding: br", "br")):
        fields = "" if value is None else "Accept-Encoding: %s\r\n" % value
        r = ctx.get("/acc.txt", headers=fields)
        equal(r["content-encoding"], wanted, "coding for %r" % value)
        equal((r["vary"], r["content-type"]),
              ("Accept-Encoding", "text/plain; charset=utf-8"))
        if wanted:
            equal(r["content-length"], str(len(r.body)))
    # What is not there is not waited for.
    ctx.scratch.file("acc.bin", b"plain")
    ctx.scratch.file("acc.bin.br", b"not really brotli")
    for value, wanted in (("gzip, br;q=0.1", "br"), ("gzip", None),
                          ("gzip, br;q=0.1, identity;q=0.2", None)):
        r = ctx.get("/acc.bin", headers="Accept-Encoding: %s\r\n" % value)
        equal(r["content-encoding"], wanted, "coding for %r" % value)


def test_packed_beforehand(ctx):
    packed = zlib.compress(b"x")
    for name in ("pre.png", "pre.txt"):
        ctx.scratch.file(name, b"y" * 100)
        ctx.scratch.file(name + ".gz", packed)
        r = ctx.get("/" + name, headers="Accept-Encoding: gzip\r\n")
        equal((r.body, r["content-encoding"], r["vary"], r["accept-ranges"]),
              (packed, "gzip", "Accept-Encoding", "bytes"))
        plain = ctx.get("/" + name)
        assert plain["etag"] != r["etag"]
        part = ctx.get("/" + name, headers="Accept-Encoding: gzip\r\n"
                       "Range: bytes=1-3\r\nIf-Range: %s\r\n" % r["etag"])
        equal((part.status, part.body, part["content-encoding"]),
              (206, packed[1:4], "gzip"))
    equal(ctx.get("/pre.txt.gz")["content-type"], "application/gzip")
    equal(ctx.get("/pre.txt.gz")["content-encoding"], None)
    os.unlink(os.path.join(ctx.scratch.www, "pre.txt.gz"))
    wait_for(lambda: ctx.get("/pre.txt", headers="Accept-Encoding: gzip\r\n")
             ["content-encoding"] is None, "the packed one to be gone")


def test_dot_files(ctx):
    for name in (".hidden", "sub/.git/config", ".well-known/x",
                 ".well-known/.x", ".well-knownx"):
        ctx.scratch.file(name, b"x")
    for target, wanted in (("/.hidden", 404), ("/sub/.git/config", 404),
                           ("/%2egit/config", 404), ("/.well-known/x", 200),
                           ("/.well-known/.x", 404), ("/.well-knownx", 404)):
        equal(ctx.get(target).status, wanted, target)
    with Server(ctx.scratch.www, config="[site]\ndot_files = yes\n") as s, \
            Client(s.port) as c:
        equal(c.ask("/.hidden").status, 200)


def test_listing(ctx):
    folder = ctx.scratch.folder("listed")
    for name in ("b.txt", "a<b>&\"'.txt", "javascript:x", "ü", ".dot",
                 "d/inner", "with index/index.html"):
        ctx.scratch.file(name, b"x", folder)
    with Server(folder, config="[site]\nlisting = yes\n"
                "index = none.html index.html\n") as s:
        with Client(s.port) as c:
            r = c.ask("/")
            equal((r.status, r["content-type"]),
                  (200, "text/html; charset=utf-8"))
            names = re.findall(r'<li><a href="([^"]*)">([^<]*)</a>',
                               r.body.decode())
            equal(names, [("./d/", "d/"), ("./with%20index/", "with index/"),
                          ("./a%3Cb%3E&amp;%22&#39;.txt",
                           "a&lt;b&gt;&amp;&quot;&#39;.txt"),
                          ("./b.txt", "b.txt"),
                          ("./javascript:x", "javascript:x"),
                          ("./%C3%BC", "ü")])
            assert b"dot" not in r.body
            r = c.ask("/d/")
            assert b'<a href="../">../</a>' in r.body, r.body
            equal(c.ask("/with%20index/").body, b"x")
            equal(c.ask("/d", "HEAD").status, 301)
            head = c.ask("/d/", "HEAD")
            equal(head["content-length"], str(len(r.body)))
        equal(s.stop()[3], 0)
    equal(ctx.get("/sub/.git/").status, 404)


def test_links_by_config(ctx):
    outside = ctx.scratch.folder("outside")
    ctx.scratch.file("far.txt", b"far", outside)
    ctx.scratch.file("near.txt", b"near")
    for name, to in (("to-far", outside + "/far.txt"), ("to-near", "near.txt")):
        if not os.path.islink(os.path.join(ctx.scratch.www, name)):
            os.symlink(to, os.path.join(ctx.scratch.www, name))
    for how, near, far in (("none", 404, 404), ("inside", 200, 404),
                           ("anywhere", 200, 200)):
        with Server(ctx.scratch.www,
                    config="[site]\nsymlinks = %s\n" % how) as s:
            with Client(s.port) as c:
                if not (s.walks() and how == "inside"):
                    equal(c.ask("/to-near").status, near, how)
                equal(c.ask("/to-far").status, far, how)
                equal(c.ask("/near.txt").status, 200, how)


def test_more_types(ctx):
    ctx.scratch.file("mime", b"# x\ntext/x-odd odd ODDER # no\napp/zz zz\n"
                     b"image/x-own png\nbroken\n", ctx.scratch.path)
    for name in ("a.odd", "a.odder", "a.zz", "a.png", "a.no"):
        ctx.scratch.file(name, b"x")
    config = "[server]\nmime_types = %s/mime\n" % ctx.scratch.path
    with Server(ctx.scratch.www, config=config) as s, Client(s.port) as c:
        for name, wanted in (("a.odd", "text/x-odd; charset=utf-8"),
                             ("a.odder", "text/x-odd; charset=utf-8"),
                             ("a.zz", "app/zz"), ("a.png", "image/png"),
                             ("a.no", "application/octet-stream")):
            equal(c.ask("/" + name)["content-type"], wanted, name)


def test_cache(ctx):
    """A file that was served is served as it was until it is looked at again;
    one that is gone, then, too; and few files may be kept."""
    ctx.scratch.file("kept.txt", b"one")
    path = os.path.join(ctx.scratch.www, "kept.txt")
    with Server(ctx.scratch.www, config="[limits]\ncached_time = 1h\n") as s:
        with Client(s.port) as c:
            equal(c.ask("/kept.txt").body, b"one")
            ctx.scratch.file("kept.txt", b"other")
            equal(c.ask("/kept.txt").body, b"one")
            os.unlink(path)
            equal(c.ask("/kept.txt").body, b"one")
        equal(s.stop()[3], 0)
    equal(ctx.get("/kept.txt").status, 404)
    for how in ("cached_files = off", "cached_files = 3", "cached_bytes = 70k"):
        with Server(ctx.scratch.www, config="[limits]\n%s\n" % how) as s:
            with Client(s.port) as c:
                for turn in range(3):
                    for i in range(10):
                        if turn == 0:
                            ctx.scratch.file("k%d" % i, b"%d" % i * 20000)
                        equal(c.ask("/k%d" % i).body, b"%d" % i * 20000)
                c.send(b"".join(b"GET /k%d HTTP/1.1\r\nHost: a\r\n\r\n" % i
                                for i in range(10)))
                for i in range(10):
                    equal(c.response().body, b"%d" % i * 20000)
            equal(s.stop()[3], 0, how)
