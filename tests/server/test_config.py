# SPDX-License-Identifier: BSD-2-Clause
"""Configuration files: what is wrong is named with its line, and what is right
has its effect."""
import os
import re
import socket

import harness
from harness import Client, Server, equal
from test_lifecycle import run

HERE = os.path.dirname(os.path.abspath(__file__))


def check(ctx, text):
    path = ctx.scratch.file("t.conf", text.encode(), ctx.scratch.path)
    status, out, err = run("-t", "-c", path)
    return status, out, err.replace(path, "FILE")


WRONG = [
    ("rot = x\n", 1, "before any [section]"),
    ("[site]\nrot = /\n", 2, "is `root` meant?"),
    ("\n\n# x\n[sites]\nroot = /\n", 4, "is [site] meant?"),
    ("[qqqq]\n", 1, "there is no section [qqqq]"),
    ("[limits]\nzzzzzzzzzz = 1\n", 2, "there is no key `zzzzzzzzzz`"),
    ("[server]\nindex = a\n", 2, "does not belong in [server], but in [site]"),
    ("[site]\nroot = /\nroot = /\n", 3, "given twice"),
    ("[site]\nroot = /nowhere/at/all\n", 2, "/nowhere/at/all"),
    ("[site]\nlisting = maybe\n", 2, "yes or no"),
    ("[site]\nsymlinks = some\n", 2, "inside, anywhere or none"),
    ("[site]\nfield = Oops\n", 2, "Name: value"),
    ("[site]\nfield = Content-Length: 3\n", 2, "for the server to say"),
    ("[site]\nfield = eTag: 3\n", 2, "for the server to say"),
    ("[site]\nerror_page = 200 /x\n", 2, "a status and a path"),
    ("[site]\nerror_page = 400 /x\n", 2, "403, 404"),
    ("[site]\nerror_page = 404 x\n", 2, "begins with a slash"),
    ("[site]\nname = a b/c\n", 2, "not the name of a host"),
    ("[site]\nhandler = cgi\n", 2, "files or echo"),
    ("[site]\n[location]\nhandler = echo\n", 2, "[location] without a path"),
    ("[location]\nhandler = echo\n\n[site]\n", 1, "without a path"),
    ("[location]\npath = x\n", 2, "path begins with one slash"),
    ("[location]\npath = /\n", 2, "keys for / stand in [site]"),
    ("[location]\npath = /a\n[location]\npath = /a/\n", 4, "already"),
    ("[limits]\nbody = 1x\n", 2, "a size such as"),
    ("[limits]\nbody = 99999999999999999999999\n", 2, "out of range"),
    ("[limits]\nbody = 9999999999g\n", 2, "out of range"),
    ("[limits]\nhead_timeout = 10\n", 2, "a time such as"),
    ("[limits]\nhead_timeout = 1ms\n", 2, "out of range"),
    ("[limits]\nfields = 1k\n", 2, "a number"),
    ("[limits]\nfields = -1\n", 2, "a number"),
    ("[server]\nlisten = 80x\n", 2, "port from 1 to 65535"),
    ("[server]\nlisten = ::1:80\n", 2, "brackets"),
    ("[server]\nlisten = 127.0.0.1:80 prox\n", 2, "only `proxy`"),
    ("[server]\nlisten = unix:" + "a" * 108 + "\n", 2, "107 bytes"),
    ("[server]\ntrusted_proxy = 10.0.0.0/33\n", 2, "10.0.0.0/33"),
    ("[server]\nunix_mode = 0999\n", 2, "octal"),
    ("[site]\nroot = /\0x\n", 2, "a zero byte"), ("[site]\n\0", 2, "a zero"),
    ("[site]\nfield = X: " + "y" * 70000 + "\nroot = /\n", 2, "too long"),
    ("[server]\nnonsense\n", 2, "neither [section] nor key"),
    ("[server]\nlog = off ; not a comment\nlog=x\n", 3, "twice"),
]


def test_wrong_files(ctx):
    for text, line, what in WRONG:
        status, out, err = check(ctx, text)
        equal((status, out), (2, ""), "the end for %r" % text)
        assert err.startswith("pondserve: FILE:%d: " % line), (text, err)
        assert what in err and err.count("\n") == 1, (text, what, err)


def test_wrong_as_a_whole(ctx):
    status, _, err = check(ctx, "[server]\nlisten = 127.0.0.1:1 proxy\n")
    equal(status, 2)
    assert "trusted_proxy" in err, err
    status, _, err = check(ctx, "[server]\nmime_types = /nowhere/mime\n")
    equal(status, 2)
    assert "/nowhere/mime" in err, err
    status, _, err = run("-t", "-c", "/nowhere/conf")
    assert status == 2 and "/nowhere/conf" in err, err
    status, _, err = run("-t", "-c", ctx.scratch.path)
    assert status == 2 and "directory" in err, err


def test_right_files(ctx):
    long_value = "x" * 5000
    for text in ("", "\n; a\n  # b\n", "[server]\nlog = off\n",
                 "[site]\n  root = /\n\tindex = a, b c\n",
                 "[site]\nfield = X-Long: " + long_value + "\n",
                 "\ufeff[server]\nlog = off\n",
                 "[limits]\nbody=0\nrequests_per_connection = off\n"
                 "head_timeout = 1m\n"):
        status, out, err = check(ctx, text)
        equal((status, err), (0, ""), text[:40])
        assert out.endswith(" is fine\n"), out


def test_example(ctx):
    """The example that is handed out says the defaults, and is right."""
    path = os.path.join(HERE, "..", "..", "pondserve.conf.example")
    with open(path) as f:
        text = f.read()
    equal(check(ctx, text)[::2], (0, ""))
    live = "".join(
        line[re.match(r"#(?=[a-z_]+ = |\[)", line) is not None:] + "\n"
        for line in text.split("\n"))
    equal(check(ctx, live.replace("/srv/www", ctx.scratch.www))[2], "")


def test_sites(ctx):
    for host in ("one", "two", "three"):
        ctx.scratch.file("who.txt", host.encode(), ctx.scratch.folder(host))
    ctx.scratch.file("own/who.txt", b"own", ctx.scratch.folder("one"))
    ctx.scratch.file("404.html", b"<p>gone\n", ctx.scratch.folder("two"))
    at = ctx.scratch.path
    config = ("[site]\nroot = %s/one\nfield = X-Site: one\n"
              "[location]\npath = /e\nhandler = echo\n"
              "[location]\npath = /three\nroot = %s/three\n"
              "[site]\nname = two.test www.two.test\nroot = %s/two\n"
              "error_page = 404 /404.html\n"
              "[site]\nname = *.three.test\nroot = %s/three\n" %
              (at, at, at, at))
    with Server(None, config=config) as s, Client(s.port) as c:
        def ask(host, target="/who.txt", fields=""):
            c.send("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" %
                   (target, host, fields))
            return c.response()

        for host, wanted in (("test", b"one"), ("two.test", b"two"),
                             ("TWO.Test:80", b"two"), ("two.test.", b"two"),
                             ("www.two.test", b"two"), ("x.two.test", b"one"),
                             ("a.three.test", b"three"),
                             ("a.b.three.test:1", b"three"),
                             ("three.test", b"one"), ("127.0.0.1", b"one"),
                             ("[::1]:80", b"one")):
            equal(ask(host).body, wanted, host)
        equal(ask("test", "http://two.test/who.txt").body, b"two")
        equal(ask("test")["x-site"], "one")
        equal(ask("two.test")["x-site"], None)
        equal(ask("test", "/none")["x-site"], None)
        equal(ask("test", "/three/who.txt").body, b"three")
        equal(ask("test", "/three")["location"], "/three/")
        equal(ask("test", "/threex").status, 404)
        r = ask("two.test", "/none")
        equal((r.status, r.body, r["content-type"]),
              (404, b"<p>gone\n", "text/html; charset=utf-8"))
        c.send("HEAD /none HTTP/1.1\r\nHost: two.test\r\n\r\n")
        equal(c.response("HEAD")["content-length"], "8")
        c.send("POST /e/x HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n"
               "\r\nabc")
        equal(c.response().body, b"abc")
        equal(s.stop()[3], 0)


def test_paths_are_relative_to_the_file(ctx):
    ctx.scratch.file("sub/x.txt", b"x")
    path = ctx.scratch.file("rel.conf", b"[site]\nroot = www/sub\n",
                            ctx.scratch.path)
    with Server(None, ["-c", path]) as s, Client(s.port) as c:
        equal(c.ask("/x.txt").body, b"x")


def test_options_go_before_the_file(ctx):
    ctx.scratch.file("x.txt", b"www")
    ctx.scratch.file("x.txt", b"other", ctx.scratch.folder("other"))
    config = ("[server]\nlisten = 127.0.0.1:1\nlog = off\n[site]\n"
              "root = %s/other\n" % ctx.scratch.path)
    with Server(ctx.scratch.www, config=config) as s, Client(s.port) as c:
        equal(c.ask("/x.txt").body, b"www")
        assert s.wait_for_line(b"/x.txt")


def test_listeners(ctx):
    """IPv4, IPv6 and a unix socket at once; the socket goes with the server."""
    name = os.path.join(ctx.scratch.path, "sock")
    four, six = harness.free_port(), harness.free_port()
    listens = ["listen = 127.0.0.1:%d" % four, "listen = unix:" + name]
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        listens.append("listen = [::1]:%d" % six)
    except OSError:
        six = None
    ctx.scratch.file("hello.txt", b"hello\n")
    path = ctx.scratch.file("l.conf", (
        "[server]\nunix_mode = 0600\nlog = log\n" + "\n".join(listens) +
        "\n[site]\nroot = www\n").encode(), ctx.scratch.path)
    # What a server that was killed leaves behind is no obstacle.
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(name)
    import subprocess
    p = subprocess.Popen([harness.PONDSERVE, "-c", path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, **harness.SANITIZERS))
    for _ in range(len(listens) + 1):
        p.stdout.readline()
    equal(os.stat(name).st_mode & 0o777, 0o600)
    for family, where in ((socket.AF_INET, ("127.0.0.1", four)),
                          (socket.AF_UNIX, name),
                          (socket.AF_INET6, ("::1", six))):
        if where[1] is None:
            continue
        c = Client.__new__(Client)
        c.socket, c.buffer = socket.socket(family), b""
        c.socket.connect(where)
        equal(c.ask("/hello.txt").body, b"hello\n")
        c.close()
    status, _, err = run("-a", "unix:" + name, ctx.scratch.www)
    assert status == 2 and "is taken" in err, err
    p.terminate()
    p.communicate()
    equal(p.returncode, 0)
    assert not os.path.exists(name)
    with open(os.path.join(ctx.scratch.path, "log")) as f:
        assert "unix - - [" in f.read()


def test_every_key_is_explained(ctx):
    top = os.path.join(HERE, "..", "..")
    with open(os.path.join(top, "server", "config_key.c")) as f:
        keys = re.findall(r'^ +(?:LIMIT|OWNED|FILES)\((?:SECTION_\w+, )?'
                          r'"(\w+)"', f.read(), re.M)
    assert len(keys) > 35, keys
    with open(os.path.join(top, "pondserve.conf.example")) as f:
        example = re.findall(r"^#?([a-z_]+) = ", f.read(), re.M)
    with open(os.path.join(top, "docs", "man", "pondserve.conf.5")) as f:
        manual = re.findall(r"^\.It Ic ([a-z_]+) No", f.read(), re.M)
    equal(sorted(set(example)), sorted(set(keys)), "keys of the example")
    equal(sorted(set(manual)), sorted(set(keys)), "keys of the man page")
