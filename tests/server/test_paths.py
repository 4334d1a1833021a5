# SPDX-License-Identifier: BSD-2-Clause
"""Paths that try to lead elsewhere, and paths that only look odd."""
import ctypes
import os
import socket

from harness import Client, Server, equal

SECRET = b"not for you\n"


def test_escapes_by_dots(ctx):
    ctx.scratch.file("secret.txt", SECRET, ctx.scratch.path)
    ctx.scratch.file("hello.txt", b"hello\n")
    for target in ("/../secret.txt", "/..//secret.txt", "/x/../../secret.txt",
                   "/%2e%2e/secret.txt", "/%2E./secret.txt", "/.%2e/secret.txt",
                   "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
                   "/sub/..%2f..%2fsecret.txt", "/%2e%2e%2Fwww/hello.txt",
                   "/../www/hello.txt", "/..", "/../", "/%2fetc%2fpasswd",
                   "/..%5csecret.txt", "/....//secret.txt",
                   "http://test/../secret.txt"):
        with ctx.connect() as c:
            r = c.ask(target)
            assert r.status in (403, 404), (target, r.status)
            assert SECRET not in r.body, target
            c.must_be_open()


def test_absolute_path(ctx):
    for target in ("//etc/passwd", "/%2fetc/passwd", "///etc/passwd"):
        assert ctx.get(target).status in (403, 404), target


def test_dots_that_stay_inside(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.scratch.file("sub/there.txt", b"there\n")
    with ctx.connect() as c:
        for target in ("/./hello.txt", "/sub/../hello.txt", "//hello.txt",
                       "/sub/./../hello.txt", "/%2e/hello.txt",
                       "/sub/%2E%2e/hello.txt", "/none/../hello.txt",
                       "/%68ello%2Etxt", "/hello.txt?a=../..",
                       "http://elsewhere/hello.txt",
                       "HTTP://elsewhere:80/hello.txt?q"):
            r = c.ask(target)
            equal((r.status, r.body), (200, b"hello\n"), target)
        equal(c.ask("/sub/there.txt").body, b"there\n")
        ctx.scratch.file("index.html", b"<p>root\n")
        for target in ("http://elsewhere", "https://elsewhere?q", "/.", "/%2e",
                       "/sub/..", "//"):
            equal(c.ask(target).body, b"<p>root\n", target)


def test_folder_or_file(ctx):
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.scratch.file("sub/index.html", b"sub\n")
    with ctx.connect() as c:
        equal(c.ask("/hello.txt/").status, 404)
        equal(c.ask("/hello.txt/x").status, 404)
        equal(c.ask("/sub/.").body, b"sub\n")
        equal(c.ask("/sub/x/..").body, b"sub\n")


def test_odd_names(ctx):
    for name in ("with space.txt", "plus+.txt", "per%cent.txt", "ü€.txt",
                 "new\nline.txt", "quo\"te.txt", "semi;colon.txt", "#.txt",
                 "question?.txt", "x..", "back\\slash.txt"):
        ctx.scratch.file(name, name.encode())
        target = "/" + "".join("%%%02x" % b for b in name.encode())
        equal(ctx.get(target).body, name.encode(), target)
    equal(ctx.get("/plus+.txt").status, 200)
    os.close(os.open(os.path.join(os.fsencode(ctx.scratch.www), b"raw\xff"),
                     os.O_CREAT, 0o644))
    equal(ctx.get("/raw%FF").status, 200)


def test_bad_escapes(ctx):
    for target in ("/%", "/%2", "/%zz", "/%2g", "/a%00b", "/%00", "/a/%0",
                   "/hello.txt%00.html"):
        with ctx.connect() as c:
            equal(c.ask(target).status, 400, target)


def test_long_names(ctx):
    with ctx.connect() as c:
        equal(c.ask("/" + "a" * 256).status, 404)
        equal(c.ask("/" + "a" * 5000).status, 404)
        equal(c.ask("/" + "a/" * 3000).status, 404)
        c.must_be_open()


def make_links(ctx):
    outside = ctx.scratch.folder("outside")
    ctx.scratch.file("secret.txt", SECRET, outside)
    ctx.scratch.file("hello.txt", b"hello\n")
    ctx.scratch.file("sub/there.txt", b"there\n")
    for name, to in (("absolute", outside + "/secret.txt"),
                     ("relative", "../outside/secret.txt"),
                     ("folder", "../outside"), ("folder2", outside),
                     ("up", ".."), ("loop", "loop"), ("dangling", "nowhere"),
                     ("inside", "hello.txt"), ("inside-folder", "sub"),
                     ("proc", "/proc/self/root/etc/passwd")):
        path = os.path.join(ctx.scratch.www, name)
        if not os.path.islink(path):
            os.symlink(to, path)


OUTWARD = ("absolute", "relative", "folder/secret.txt", "folder2/secret.txt",
           "up/outside/secret.txt", "folder", "folder/", "loop", "dangling",
           "proc")


def test_links_that_leave(ctx):
    make_links(ctx)
    for target in OUTWARD:
        with ctx.connect() as c:
            r = c.ask("/" + target)
            assert r.status in (403, 404), (target, r.status)
            assert SECRET not in r.body, target
            c.must_be_open()


def test_links_that_stay(ctx):
    make_links(ctx)
    if ctx.server.walks():
        equal(ctx.get("/inside").status, 404)
        return
    equal(ctx.get("/inside").body, b"hello\n")
    equal(ctx.get("/inside-folder/there.txt").body, b"there\n")
    equal(ctx.get("/inside-folder")["location"], "/inside-folder/")


def test_not_regular(ctx):
    fifo = os.path.join(ctx.scratch.www, "fifo")
    if not os.path.exists(fifo):
        os.mkfifo(fifo)
    with ctx.connect() as c:
        for method in ("GET", "HEAD"):
            equal(c.ask("/fifo", method).status, 404)
        name = os.path.join(ctx.scratch.www, "socket")
        with socket.socket(socket.AF_UNIX) as s:
            if not os.path.exists(name):
                s.bind(name)
            equal(c.ask("/socket").status, 404)
        c.must_be_open()


def without_override():
    """Root, but bound by the modes of files like everybody."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)


def test_not_readable(ctx):
    path = ctx.scratch.file("locked.txt", SECRET)
    folder = ctx.scratch.file("shut/file.txt", SECRET)
    os.chmod(path, 0)
    os.chmod(os.path.dirname(folder), 0)
    with Server(ctx.scratch.www, preexec=without_override) as s:
        with Client(s.port) as c:
            equal(c.ask("/locked.txt").status, 403)
            equal(c.ask("/shut/file.txt").status, 403)
            c.must_be_open()
        s.stop()
