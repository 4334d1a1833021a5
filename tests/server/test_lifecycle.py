# SPDX-License-Identifier: BSD-2-Clause
"""Starting, refusing to start, stopping, running out of things."""
import ctypes
import os
import random
import resource
import signal
import socket
import struct
import subprocess

import harness
from harness import Client, Server, Skip, equal, sha, wait_for
from test_paths import OUTWARD, SECRET, make_links


def run(*arguments):
    done = subprocess.run([harness.PONDSERVE, *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=harness.PATIENCE,
                          env=dict(os.environ, **harness.SANITIZERS))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_first_lines(ctx):
    with Server(ctx.scratch.www) as s:
        lines = s.out.decode().splitlines()
        equal(lines, ["pondserve: serving %s at http://127.0.0.1:%d/" %
                      (os.path.realpath(ctx.scratch.www), s.port),
                      "pondserve: try: curl -i http://127.0.0.1:%d/" % s.port])
        got = subprocess.run(lines[1].split("try: ")[1].split(),
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert got.stdout.startswith(b"HTTP/1.1 "), got.stdout


def test_help_and_version(ctx):
    status, out, err = run("--help")
    equal((status, err), (0, ""))
    for option in ("-a", "-p", "-l", "--help", "--version"):
        assert option in out, option
    status, out, err = run("--version")
    equal((status, err), (0, ""))
    assert out.startswith("pondserve ") and out.count("\n") == 1, out


def test_wrong_options(ctx):
    www = ctx.scratch.www
    file = ctx.scratch.file("hello.txt", b"hello\n")
    for arguments, word in (
            (["-x"], "-x"), (["--frob"], "--frob"), (["--frob=1"], "--frob"),
            (["--help=x"], "--help"), (["-p"], "-p"), (["-a"], "-a"),
            (["-l"], "-l"), (["-p", "0", www], "0"),
            (["-p", "65536", www], "65536"), (["-p", "-1", www], "-1"),
            (["-p", "80x", www], "80x"), (["-p", "", www], "port"),
            (["-p", "99999999999", www], "99999999999"),
            ([www, www], "one too many"), (["/nowhere/at/all"], "/nowhere"),
            ([file], "hello.txt"), ([""], "folder"),
            (["-a", "999.1.1.1", www], "999.1.1.1"),
            (["-a", "203.0.113.1", www], "203.0.113.1"),
            (["-l", "/nowhere/log", www], "/nowhere/log")):
        status, out, err = run(*arguments)
        equal(status, 2, "the status for %r" % arguments)
        equal(out, "")
        assert err.startswith("pondserve: ") and err.count("\n") == 1, err
        assert word in err, (word, err)


def test_taken_port(ctx):
    """Somebody else's port, whatever options they set on their socket."""
    for option in (None, socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        with socket.socket() as other:
            if option:
                other.setsockopt(socket.SOL_SOCKET, option, 1)
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            status, out, err = run("-p", str(port), ctx.scratch.www)
            equal((status, out, err.count("\n")), (2, "", 1))
            assert "port %d" % port in err and "is taken" in err, err
            free = int(err.split("-p ")[1])
            assert port < free <= 65535, err
            with socket.socket() as next_one:
                next_one.bind(("127.0.0.1", free))
    status, _, err = run("-p", str(ctx.server.port), ctx.scratch.www)
    equal(status, 2)


def test_restart_at_once(ctx):
    """Connections of its own that have just ended do not hold the port."""
    first = Server(ctx.scratch.www)
    with first as s:
        c = Client(s.port)
        c.ask("/hello.txt")
        s.stop()  # the server closes first, so TIME_WAIT is on its side
        c.must_be_closed()
        c.close()
    log = os.path.join(ctx.scratch.path, "restart.log")
    p = subprocess.Popen([harness.PONDSERVE, "-p", str(first.port), "-l", log,
                          ctx.scratch.www], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE,
                         env=dict(os.environ, **harness.SANITIZERS))
    assert b"serving" in p.stdout.readline(), p.stderr.read()
    p.terminate()
    p.communicate()
    equal(p.returncode, 0)


def test_ipv6(ctx):
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
    except OSError:
        raise Skip("this machine has no IPv6")
    with Server(ctx.scratch.www, ["-a", "::1"]) as s:
        assert b"http://[::1]:%d/" % s.port in s.out, s.out
        c = Client.__new__(Client)
        c.socket, c.buffer = socket.create_connection(("::1", s.port)), b""
        equal(c.ask("/hello.txt").body, b"hello\n")
        c.close()
        assert s.wait_for_line(b"GET").startswith(b"::1 - - [")
        s.stop()


def test_default_folder(ctx):
    port = harness.free_port()
    p = subprocess.Popen([harness.PONDSERVE, "-p", str(port)],
                         cwd=ctx.scratch.www, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE,
                         env=dict(os.environ, **harness.SANITIZERS))
    p.stdout.readline()
    with Client(port) as c:
        equal(c.ask("/hello.txt").body, b"hello\n")
    p.terminate()
    p.communicate()
    equal(p.returncode, 0)


def test_last_line(ctx):
    for sig in (signal.SIGTERM, signal.SIGINT):
        with Server(ctx.scratch.www) as s:
            for i in range(5):
                with Client(s.port) as c:
                    for _ in range(4):
                        c.ask("/hello.txt")
                    if i == 0:
                        c.send("nonsense\r\n")
                        equal(c.response().status, 400)
            requests, connections, peak, ponds = s.stop(sig)
            equal((requests, connections, ponds), (21, 5, 0))
            assert peak > 0.5, peak
            equal(len(s.lines()), 21, "lines")


def test_stop_with_everything_open(ctx):
    """Idle, half a request, half a body, lingering: none delays the end, and
    none leaves a pond behind."""
    ctx.scratch.file("hello.txt", b"hello\n")
    with Server(ctx.scratch.www) as s:
        clients = []
        for text in ("", "GET", "GET /hello.txt HTTP/1.1\r\nHost: te",
                     "GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
                     "GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
                     "Content-Length: 10\r\n\r\n12345"):
            for _ in range(10):
                c = Client(s.port)
                c.send(text)
                clients.append(c)
        equal(clients[35].response().status, 200)
        figures = s.stop()
        equal(figures[3], 0, "ponds left")
        for c in clients:
            c.close()


def test_stop_lets_answers_end(ctx):
    data = random.Random(6).randbytes(6 << 20)
    ctx.scratch.file("long6.bin", data)
    with Server(ctx.scratch.www) as s:
        c = Client(s.port, receive_buffer=4096)
        c.send("GET /long6.bin HTTP/1.1\r\nHost: test\r\n\r\n")
        c.receive()
        s.process.terminate()
        r = c.response()
        equal(sha(r.body), sha(data), "hash")
        c.must_be_closed()
        equal(s.stop()[3], 0, "ponds left")


def test_stop_does_not_wait_for_ever(ctx):
    path = ctx.scratch.file("endless.bin", b"")
    os.truncate(path, 1 << 30)
    with Server(ctx.scratch.www) as s:
        c = Client(s.port, receive_buffer=4096)
        c.send("GET /endless.bin HTTP/1.1\r\nHost: test\r\n\r\n")
        c.receive()
        equal(s.stop()[3], 0, "ponds left")
        c.close()


def test_second_signal_stops_at_once(ctx):
    path = ctx.scratch.file("endless.bin", b"")
    os.truncate(path, 1 << 30)
    with Server(ctx.scratch.www) as s:
        c = Client(s.port, receive_buffer=4096)
        c.send("GET /endless.bin HTTP/1.1\r\nHost: test\r\n\r\n")
        c.receive()
        s.process.send_signal(signal.SIGINT)

        def refused():
            try:
                Client(s.port).close()
            except (ConnectionRefusedError, ConnectionResetError):
                return True
            return False

        wait_for(refused, "the port to be closed")
        s.must_run()
        equal(s.stop(signal.SIGINT)[3], 0, "ponds left")
        c.close()


def is_asleep(server):
    with open("/proc/%d/stat" % server.process.pid) as f:
        return f.read().rsplit(")", 1)[1].split()[0] == "S"


def test_out_of_descriptors(ctx):
    """More connections than descriptors: no spinning, and those who wait are
    served when others go."""
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

    if ctx.server.under_valgrind():
        raise Skip("valgrind takes descriptors away after they are accepted")
    with Server(ctx.scratch.www, preexec=few,
                config="[limits]\nconnections = 1000\n") as s:
        clients = [Client(s.port) for _ in range(40)]
        for c in clients:
            c.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n")
        equal(clients[0].response().status, 204)
        # A file needs a descriptor as well; there is none, and it is told so.
        wait_for(lambda: clients[0].ask("/hello.txt").status == 503,
                 "all descriptors to be in use")
        calm = 0

        def is_calm():
            nonlocal calm
            calm = calm + 1 if is_asleep(s) else 0
            return calm >= 15

        wait_for(is_calm, "the server to sleep")
        for c in clients:
            if c is not clients[0]:
                equal(c.response().status, 204)
            c.close()
        with Client(s.port) as c:
            wait_for(lambda: c.ask("/hello.txt").status == 200, "a file")
        equal(s.stop()[3], 0, "ponds left")


def test_out_of_memory(ctx):
    """No memory for further requests: 503 or a closed connection, no crash, and
    all is well when there is memory again."""
    with Server(ctx.scratch.www) as s:
        if s.sanitized():
            raise Skip("a sanitizer needs all address space")
        with Client(s.port) as c:
            c.ask("/hello.txt")
        size = int(s.status("VmSize").split()[0]) * 1024
        old = resource.prlimit(s.process.pid, resource.RLIMIT_AS, (size, -1))
        clients = []
        turned_away = 0
        for _ in range(700):
            c = Client(s.port)
            c.send("GET /hello.txt HTTP/1.1\r\nHost: test\r\nX: " + "x" * 7000)
            clients.append(c)
        for c in clients:
            try:
                c.send("\r\n\r\n")
                equal(c.response().status, 200)
            except (AssertionError, ConnectionResetError, BrokenPipeError):
                turned_away += 1
        assert turned_away > 0, "memory never ran out"
        s.must_run()
        for c in clients:
            c.close()
        resource.prlimit(s.process.pid, resource.RLIMIT_AS, old)
        with Client(s.port) as c:
            equal(c.ask("/hello.txt").body, b"hello\n")
        equal(s.stop()[3], 0, "ponds left")


def without_openat2():
    """A seccomp filter that knows no openat2, as older containers have it."""
    def statement(code, k, jump_true=0, jump_false=0):
        return struct.pack("HBBI", code, jump_true, jump_false, k)

    machine = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[os.uname().machine]
    program = (statement(0x20, 4) + statement(0x15, machine, 0, 3) +
               statement(0x20, 0) + statement(0x15, 437, 0, 1) +
               statement(0x06, 0x00050000 | 38) + statement(0x06, 0x7FFF0000))
    buffer = ctypes.create_string_buffer(program)
    filter = struct.pack("HxxxxxxQ", 6, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)
    if libc.prctl(22, 2, ctypes.c_char_p(filter), 0, 0):
        raise OSError("no seccomp")


def test_without_openat2(ctx):
    if os.uname().machine not in ("x86_64", "aarch64"):
        raise Skip("the filter knows two kinds of machine")
    make_links(ctx)
    with Server(ctx.scratch.www, preexec=without_openat2) as s:
        wait_for(s.walks, "the warning")
        with Client(s.port) as c:
            equal(c.ask("/hello.txt").body, b"hello\n")
            equal(c.ask("/sub/there.txt").body, b"there\n")
            equal(c.ask("/sub").status, 301)
            equal(c.ask("/none/there.txt").status, 404)
            equal(c.ask("/hello.txt/x").status, 404)
            equal(c.ask("/" + "a" * 300 + "/x").status, 404)
            equal(c.ask("/" + "a/" * 3000).status, 404)
            for name in OUTWARD + ("inside", "inside-folder/there.txt"):
                r = c.ask("/" + name)
                assert r.status in (403, 404), (name, r.status)
                assert SECRET not in r.body, name
        equal(s.stop()[3], 0, "ponds left")


def test_descriptors_are_given_back(ctx):
    def count():
        return len(os.listdir("/proc/%d/fd" % ctx.server.process.pid))

    with ctx.connect() as c:
        c.ask("/hello.txt")
        before = count()
        for _ in range(50):
            for target in ("/hello.txt", "/long.bin", "/sub", "/none", "/fifo",
                           "/sub/", "/.."):
                c.ask(target)
        wait_for(lambda: count() <= before, "all descriptors back")
