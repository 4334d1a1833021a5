# SPDX-License-Identifier: BSD-2-Clause
"""Every call that a session of requests makes fails once, and for ever from
there on: no crash, no leak, no hang. An answer is the right one, an error, or
cut off by the end of its connection; afterwards all is well again.

It needs pondserve_faults (see faulty.c) in tests/ beside the server.
POND_FAULTS=long tries every call; else each third or so, not the same ones in
each mode."""
import ctypes
import gzip
import mmap
import os
import random
import resource
import select
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

import harness
from harness import Client, Server, Skip, equal, wait_for

LONG = os.environ.get("POND_FAULTS") == "long"
OFF, FAIL, INTERRUPT, SHORT = range(4)
POOL, MEMORY, FILES, SOCKETS, LOOP = 1, 2, 4, 8, 16
ALL = 31
ERRORS = (408, 413, 431, 500, 503)

CONFIG = """[limits]
head_timeout = 1h
progress_timeout = 1h
idle_timeout = 1h
linger_timeout = 1h
body = 8m
request_pond = 8m
connection_pond = 16m
connections_per_address = 1000
cached_files = %s
cached_time = %s
[site]
listing = yes
error_page = 404 /lost.html
field = X-Of-The-Site: 1
[location]
path = /echo
handler = echo
"""


class Call(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char * 16), ("calls", ctypes.c_uint64),
                ("injected", ctypes.c_uint64)]


class Page(ctypes.Structure):
    """As struct page in faulty.c."""
    _fields_ = [("mode", ctypes.c_uint32), ("kinds", ctypes.c_uint32),
                ("for_ever", ctypes.c_uint32), ("error", ctypes.c_int32),
                ("at", ctypes.c_uint64), ("calls", ctypes.c_uint64),
                ("injected", ctypes.c_uint64), ("rounds", ctypes.c_uint64),
                ("n_ponds", ctypes.c_uint64), ("skew_ms", ctypes.c_uint64),
                ("trim", ctypes.c_uint64), ("by_call", Call * 40)]


class SharedPage:
    def __enter__(self):
        fd, self.path = tempfile.mkstemp(prefix="pondserve-page-")
        os.ftruncate(fd, ctypes.sizeof(Page))
        self.map = mmap.mmap(fd, ctypes.sizeof(Page))
        os.close(fd)
        self.page = Page.from_buffer(self.map)
        return self

    def __exit__(self, *_):
        os.unlink(self.path)

    def arm(self, mode, n, for_ever, kinds=ALL, error=0):
        p = self.page
        p.mode = OFF
        p.kinds, p.for_ever, p.error, p.at = kinds, for_ever, error, n
        p.calls = p.injected = 0
        p.mode = mode

    def environment(self):
        return {"POND_FAULTS_PAGE": self.path}


class Faulty:
    """pondserve_faults for as long as the block lasts."""

    def __enter__(self):
        self.usual = harness.PONDSERVE
        harness.PONDSERVE = os.path.join(os.path.dirname(self.usual), "tests",
                                         "pondserve_faults")
        if not os.access(harness.PONDSERVE, os.X_OK):
            missing, harness.PONDSERVE = harness.PONDSERVE, self.usual
            raise Skip("%s is not built" % missing)
        return self

    def __exit__(self, *_):
        harness.PONDSERVE = self.usual


def folder(ctx):
    www = ctx.scratch.folder("faults")
    chance = random.Random(4)
    text = b"".join(b"%d and %d\n" % (i, chance.randrange(10 ** 6))
                    for i in range(9000))
    files = {
        "small.txt": b"small\n" * 40,
        "text.css": text[:20000],
        "large.css": text,
        "packed.txt": text[:3000],
        "packed.txt.gz": gzip.compress(text[:3000]),
        "big.bin": chance.randbytes(300000),
        "lost.html": b"<p>lost\n",
        "many/index.txt": b"no index",
    }
    for i in range(150):
        files["many/a file whose name is %d.txt" % i] = b""
    for name, data in files.items():
        if not os.path.exists(os.path.join(www, name)):
            ctx.scratch.file(name, data, www)
    return www, files


class Ask:
    """One request, and the answers that are right to it."""

    def __init__(self, name, text, statuses, judge=None, method="GET"):
        self.name, self.method = name, method
        self.data = text if isinstance(text, bytes) else text.encode()
        self.statuses = statuses
        self.judge = judge


def get(target, fields="", method="GET"):
    return "%s %s HTTP/1.1\r\nHost: test\r\n%s\r\n" % (method, target, fields)


def chunked(body, size):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + \
        b"0\r\n\r\n"


def is_body(wanted):
    def judge(head, body):
        if b"Content-Encoding: gzip" in head:
            body = gzip.decompress(body)
        equal(body, wanted, "a body")
    return judge


def is_lost(head, body):
    """The site's own page, or the built-in one when that cannot be had."""
    assert body == b"<p>lost\n" or b"404 Not Found" in body, body


def is_listing(head, body):
    equal(body.count(b"<li>"), 152, "lines of a listing")
    assert body.endswith(b"</ul>\n")


def session(files, etag):
    """A list for each connection."""
    echo = random.Random(5).randbytes(120000)
    large = random.Random(7).randbytes(2500000)
    gz = "Accept-Encoding: gzip\r\n"
    big = files["big.bin"]
    post = "POST /echo HTTP/1.1\r\nHost: test\r\n%s\r\n"
    small = Ask("small", get("/small.txt"), (200,), is_body(files["small.txt"]))
    return [
        [small,
         Ask("packing", get("/text.css", gz), (200,),
             is_body(files["text.css"])),
         Ask("packing a large file", get("/large.css", gz), (200,),
             is_body(files["large.css"])),
         Ask("packed", get("/packed.txt", gz), (200,),
             is_body(files["packed.txt"]))],
        [Ask("big", get("/big.bin"), (200,), is_body(big)),
         Ask("range", get("/big.bin", "Range: bytes=5-200000\r\n"), (206,),
             is_body(big[5:200001])),
         Ask("parts", get("/big.bin", "Range: bytes=1-99,5000-90000\r\n"),
             (206,)),
         Ask("no part", get("/small.txt", "Range: bytes=9999-\r\n"), (416,))],
        [Ask("listing", get("/many/"), (200,), is_listing),
         Ask("to a folder", get("/many"), (301,)),
         Ask("lost", get("/none"), (404,), is_lost),
         Ask("not changed", get("/small.txt", "If-None-Match: %s\r\n" % etag),
             (304,))],
        [Ask("chunked echo", (post % "Transfer-Encoding: chunked\r\n").encode()
             + chunked(echo, 7000), (200,), is_body(echo)),
         Ask("large echo", (post % ("Content-Length: %d\r\n" % len(large)))
             .encode() + large, (200,), is_body(large))],
        [small] * 6 + [Ask("head", get("/big.bin", method="HEAD"), (200,),
                           method="HEAD"), small,
                       Ask("long head", get("/small.txt", "".join(
                           "X-%d: %s\r\n" % (i, "x" * 200) for i in range(60))),
                           (200,), is_body(files["small.txt"]))],
        [Ask("nonsense", b"nonsense\r\n\r\n", (400,))],
    ]


class Talk:
    """One connection: sends all its requests at once, and takes what comes
    until all is answered or the server hangs up."""

    def __init__(self, port, asks):
        self.asks, self.got, self.ended = asks, b"", False
        self.to_send = b"".join(a.data for a in asks)
        self.socket = socket.socket()
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.answers = []

    def step(self):
        try:
            if self.to_send:
                self.to_send = self.to_send[self.socket.send(self.to_send):]
        except BlockingIOError:
            pass
        except OSError:
            self.to_send = b""
        try:
            while True:
                some = self.socket.recv(1 << 20)
                if not some:
                    self.ended = True
                    break
                self.got += some
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True
        while len(self.answers) < len(self.asks) and self.take():
            pass
        return self.is_done()

    def is_done(self):
        return self.ended or len(self.answers) == len(self.asks)

    def take(self):
        """An answer that is complete."""
        head, end, rest = self.got.partition(b"\r\n\r\n")
        if not end:
            return False
        status = int(head[9:12])
        ask = self.asks[len(self.answers)]
        if status == 100:
            self.got = rest
            return True
        if ask.method == "HEAD" or status in (204, 304):
            body = b""
        elif b"\r\nTransfer-Encoding: chunked" in head:
            body, at = b"", 0
            while True:
                line = rest.find(b"\r\n", at)
                if line < 0:
                    return False
                n = int(rest[at:line], 16)
                if len(rest) < line + 2 + n + 2:
                    return False
                body += rest[line + 2:line + 2 + n]
                at = line + 2 + n + 2
                if n == 0:
                    break
            rest = rest[at:]
        else:
            length = [x for x in head.split(b"\r\n")
                      if x.startswith(b"Content-Length: ")]
            n = int(length[0][16:])
            if len(rest) < n:
                return False
            body, rest = rest[:n], rest[n:]
        self.got = rest
        self.answers.append((status, head, body))
        return True

    def judge(self, all_right):
        for ask, (status, head, body) in zip(self.asks, self.answers):
            if status not in ask.statuses:
                assert not all_right and status in ERRORS, (ask.name, head,
                                                            body[:100])
            elif ask.judge:
                ask.judge(head, body)
        if all_right:
            equal(len(self.answers), len(self.asks),
                  "answers after %r" % [a.name for a in self.asks])

    def close(self):
        self.socket.close()


class Prey:
    """A server whose calls fail, and what it holds when it is idle."""

    def __init__(self, ctx, shared, config, trimming=False):
        self.trimming = trimming
        self.www, files = folder(ctx)
        self.shared, self.page = shared, shared.page
        self.server = Server(self.www, config=config, may_warn=True,
                             env=shared.environment())
        with Client(self.server.port) as c:
            etag = c.ask("/small.txt")["etag"]
        self.session = session(files, etag)
        for _ in range(3):
            self.talk(all_right=True)
        self.settle()
        self.ponds = self.page.n_ponds
        self.descriptors = self.count_descriptors()

    def count_descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.server.process.pid))

    def rounds(self, n):
        """Let the server go round."""
        before = self.page.rounds

        def gone_round():
            self.server.must_run()
            return self.page.rounds >= before + n

        wait_for(gone_round, "the server's loop to go round")

    def settle(self):
        self.page.trim = 1
        self.rounds(3)
        self.page.trim = self.trimming

    def talk(self, all_right):
        """One session. What fails, fails until the server has nothing to do;
        then every connection has to come to its end."""
        talks = [Talk(self.server.port, asks) for asks in self.session]
        quiet = 0
        waiting = list(talks)
        before = self.page.rounds
        while waiting and quiet < 4:
            some = select.select([t.socket for t in waiting],
                                 [t.socket for t in waiting if t.to_send],
                                 [], 0.004)
            waiting = [t for t in waiting if not t.step()]
            if some[0] or some[1]:
                quiet, before = 0, self.page.rounds
            elif self.page.rounds >= before + 2:
                quiet += 1
            self.server.must_run()
        self.page.mode = OFF

        def all_done():
            self.server.must_run()
            self.page.skew_ms += 1000  # an accept that waits to try again
            return all([t.step() for t in talks])

        wait_for(all_done, "answers to %r" % [
            t.asks[len(t.answers)].name for t in talks if not t.is_done()])
        for t in talks:
            t.close()
        for t in talks:
            t.judge(all_right)

    def attempt(self, mode, n, for_ever, kinds, error):
        self.shared.arm(mode, n, for_ever, kinds, error)
        try:
            self.talk(all_right=mode in (INTERRUPT, SHORT))
            injected = self.page.injected
            wait_for(lambda: self.page.n_ponds <= self.ponds,
                     "%d ponds instead of %d" % (self.page.n_ponds, self.ponds))
            wait_for(lambda: self.count_descriptors() <= self.descriptors,
                     "%d descriptors" % self.descriptors)
            with Client(self.server.port) as c:
                equal(c.ask("/small.txt").status, 200, "afterwards a status")
            self.settle()
        except Exception as error_found:
            raise AssertionError(
                "mode %d, kinds %d, call %d%s, error %d: %s" %
                (mode, kinds, n, " and all after it" if for_ever else "",
                 error, error_found)) from error_found
        return injected

    def exhaust(self, mode, for_ever, kinds=ALL, error=0, step=1):
        n, sum = 1, 0
        if kinds == MEMORY and self.server.sanitized():
            step = steps(199)  # every object is a mapping of its own, nearly
        while True:
            injected = self.attempt(mode, n, for_ever, kinds, error)
            sum += injected
            if injected == 0:
                return sum
            n += step if n > 8 else 1

    def finish(self):
        figures = self.server.stop()
        equal(figures[3], 0, "ponds left")


def tell(shared, what, injected):
    calls = sorted(((c.injected, c.name.decode()) for c in shared.page.by_call
                    if c.injected), reverse=True)
    print("     injected %d faults %s: %s" % (
        injected, what, ", ".join("%s %d" % (n, k) for k, n in calls)))


def hunt(ctx, what, config, plans, trimming=False):
    with Faulty(), SharedPage() as shared:
        prey = Prey(ctx, shared, config, trimming)
        try:
            injected = sum(prey.exhaust(**plan) for plan in plans)
            prey.finish()
        finally:
            prey.server.end()
        tell(shared, what, injected)
        assert injected > 20, injected


OPEN_EACH = CONFIG % ("off", "1s")
CACHED = CONFIG % ("1000", "1ms")


def steps(short):
    return 1 if LONG else short


def test_refused_memory(ctx):
    """The server's ponds refuse."""
    hunt(ctx, "in ponds", OPEN_EACH, [
        dict(mode=FAIL, for_ever=False, kinds=POOL, step=steps(7)),
        dict(mode=FAIL, for_ever=True, kinds=POOL, step=steps(23))])


def test_refused_mappings(ctx):
    hunt(ctx, "in the library", OPEN_EACH, [
        dict(mode=FAIL, for_ever=False, kinds=MEMORY),
        dict(mode=FAIL, for_ever=True, kinds=MEMORY)], trimming=True)


def test_failing_calls(ctx):
    kinds = FILES | SOCKETS | LOOP
    hunt(ctx, "in system calls", OPEN_EACH, [
        dict(mode=FAIL, for_ever=False, kinds=kinds, step=steps(7)),
        dict(mode=FAIL, for_ever=True, kinds=kinds, step=steps(29))])
    hunt(ctx, "in system calls, files being kept", CACHED, [
        dict(mode=FAIL, for_ever=False, kinds=FILES, error=12,
             step=steps(5)),
        dict(mode=FAIL, for_ever=True, kinds=kinds, error=12,
             step=steps(29))])


def test_interrupted_calls(ctx):
    """EINTR, and less than was asked for: nobody notices."""
    hunt(ctx, "by interruption", OPEN_EACH, [
        dict(mode=INTERRUPT, for_ever=False, step=steps(41)),
        dict(mode=INTERRUPT, for_ever=True, step=steps(97)),
        dict(mode=SHORT, for_ever=False, step=steps(17)),
        dict(mode=SHORT, for_ever=True, step=steps(31))])


def start_once(www, shared, n, for_ever, config):
    """Whether anything failed while it started; it serves, or says why not."""
    shared.arm(FAIL, n, for_ever)
    p = subprocess.Popen(
        [harness.PONDSERVE, "-l", "off", "-c", config, "-p",
         str(harness.free_port()), www],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ, **harness.SANITIZERS, **shared.environment()))

    def is_serving():
        return shared.page.rounds > 1 or p.poll() is not None

    wait_for(is_serving, "the server to start or end")
    shared.page.mode = OFF
    if p.poll() is None:
        p.terminate()
    out, err = p.communicate(timeout=harness.PATIENCE)
    what = "call %d %s: %d, %r, %r" % (n, for_ever, p.returncode, out, err)
    assert p.returncode in (0, 1, 2), what
    if p.returncode == 0:
        assert b"ponds left: 0" in out, what
    else:
        assert err.startswith(b"pondserve: ") and err.endswith(b"\n"), what
    return shared.page.injected


def test_failing_start(ctx):
    www, _ = folder(ctx)
    config = ctx.scratch.file("faults.conf", OPEN_EACH.encode(),
                              ctx.scratch.folder("etc"))
    total = 0
    with Faulty(), SharedPage() as shared:
        for for_ever in (False, True):
            n = 1
            while True:
                shared.page.rounds = 0
                injected = start_once(www, shared, n, for_ever, config)
                total += injected
                if injected == 0:
                    break
                n += steps(1 if n < 20 else 37)
        tell(shared, "while starting", total)


WRONG = ("[server]\nfrob = 1\n", "[server]\nlisten = 127.0.0.1:1 proxy\n",
         "[server]\nlisten = nowhere\n", "[server]\nmime_types = /nowhere\n",
         "[site]\nroot = /nowhere\n", "[location]\nroot = .\n", None)


def test_failing_refusals(ctx):
    """What is wrong stays wrong when there is no memory to say so."""
    folder = ctx.scratch.folder("etc")
    total = 0
    with Faulty(), SharedPage() as shared:
        for i, text in enumerate(WRONG):
            path = os.path.join(folder, "wrong%d.conf" % i)
            if text:
                ctx.scratch.file(os.path.basename(path), text.encode(), folder)
            for for_ever in (False, True):
                n, injected = 1, 1
                while injected:
                    shared.arm(FAIL, n, for_ever, POOL)
                    p = subprocess.run(
                        [harness.PONDSERVE, "-t", "-c", path],
                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE, timeout=harness.PATIENCE,
                        env=dict(os.environ, **harness.SANITIZERS,
                                 **shared.environment()))
                    what = "call %d %s, %r: %r" % (n, for_ever, text, p)
                    assert p.returncode in (1, 2) and p.stdout == b"", what
                    assert p.stderr.count(b"\n") == 1, what
                    assert b"(null)" not in p.stderr, what
                    injected = shared.page.injected
                    total += injected
                    # The defaults take some hundred; they are tried above.
                    n += steps(5) if n > 60 else 1
        tell(shared, "while refusing", total)


def test_passing_fault_is_forgotten(ctx):
    """What could not be opened just now is not taken for absent."""
    www = ctx.scratch.folder("passing")
    gz = "Accept-Encoding: gzip\r\n"
    for i in range(8):
        ctx.scratch.file("%d.bin" % i, b"x" * 500, www)
        ctx.scratch.file("%d.bin.gz" % i, gzip.compress(b"x" * 500), www)
    with Faulty(), SharedPage() as shared:
        with Server(www, config=CONFIG % ("1000", "1h"), may_warn=True,
                    env=shared.environment()) as s:
            for i in range(8):
                with Client(s.port) as c:
                    shared.arm(FAIL, i + 1, False, FILES)
                    c.ask("/%d.bin" % i, headers=gz)
                    shared.page.mode = OFF
                    r = c.ask("/%d.bin" % i, headers=gz)
                    equal((r.status, r["content-encoding"]), (200, "gzip"))
            equal(s.stop()[3], 0, "ponds left")


def test_accepting_goes_on(ctx):
    """Also when the listener could not be watched when it was time to."""
    with Faulty(), SharedPage() as shared:
        with Server(ctx.scratch.www, config=OPEN_EACH, may_warn=True,
                    env=shared.environment()) as s:
            page = shared.page
            shared.arm(FAIL, 1, True, SOCKETS)
            with Client(s.port) as c:
                c.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n")
                wait_for(lambda: page.injected, "an accept that fails")
                shared.arm(FAIL, 1, True, LOOP)
                page.skew_ms += 1000
                wait_for(lambda: page.injected, "a try to go on")
                page.mode = OFF
                c.socket.setblocking(False)

                def answered():
                    page.skew_ms += 1000
                    try:
                        return c.receive()
                    except BlockingIOError:
                        return False

                wait_for(answered, "an answer")
            equal(s.stop()[3], 0, "ponds left")


def test_stopped_and_continued(ctx):
    """Stopped and continued all the time: real interruptions."""
    with Faulty(), SharedPage() as shared:
        prey = Prey(ctx, shared, OPEN_EACH)
        try:
            over = False

            def stop_and_go():
                while not over:
                    os.kill(prey.server.process.pid, signal.SIGSTOP)
                    time.sleep(0.0005)
                    os.kill(prey.server.process.pid, signal.SIGCONT)
                    time.sleep(0.0005)

            other = threading.Thread(target=stop_and_go)
            other.start()
            try:
                for _ in range(20):
                    prey.talk(all_right=True)
            finally:
                over = True
                other.join()
            prey.finish()
        finally:
            prey.server.end()


def test_killed(ctx):
    """kill -9 amid requests: it begins again at the same addresses, and its
    log has whole lines only."""
    www, files = folder(ctx)
    path = os.path.join(ctx.scratch.path, "killed.sock")
    log = os.path.join(ctx.scratch.path, "killed.log")
    port = harness.free_port()
    for i in range(10 if LONG else 4):
        p = subprocess.Popen(
            [harness.PONDSERVE, "-l", log, "-c",
             ctx.scratch.file("killed.conf", (
                 "[server]\nlisten = unix:%s\nlisten = 127.0.0.1:%d\n" %
                 (path, port)).encode(), ctx.scratch.path), www],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, **harness.SANITIZERS))
        for _ in range(3):
            line = p.stdout.readline()
            assert line.startswith(b"pondserve: "), p.stderr.read()
        talks = [Talk(port, [Ask("big", get("/big.bin"), (200,),
                                 is_body(files["big.bin"]))] * 40)
                 for _ in range(8)]
        for _ in range(3 + i):
            for t in talks:
                t.step()
        with socket.socket(socket.AF_UNIX) as c:
            c.connect(path)
            c.sendall(get("/small.txt").encode())
            equal(c.recv(12), b"HTTP/1.1 200", "an answer by the unix socket")
        wait_for(lambda: os.path.getsize(log), "a line in the log")
        p.kill()
        p.communicate()
        for t in talks:
            t.step()
            t.judge(False)
            t.close()
    with open(log, "rb") as f:
        lines = f.read()
    assert lines.endswith(b"\n"), lines[-200:]
    for line in lines.splitlines():
        assert line.endswith(b'"'), line


def test_clients_that_vanish(ctx):
    """Connections reset at any time, and standard output gone: no SIGPIPE."""
    www, _ = folder(ctx)
    with Server(www, log="-", may_warn=True) as s:
        s.must_run()
        with Client(s.port) as c:
            c.ask("/small.txt")
        for i in range(60):
            c = Client(s.port, receive_buffer=4096)
            c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                struct.pack("ii", 1, 0))
            c.send(get("/big.bin") * (1 + i % 3) + get("/none")[:i])
            if i % 2:
                c.receive()
            c.close()
        with Client(s.port) as c:
            equal(c.ask("/small.txt").status, 200)
        equal(s.stop()[3], 0, "ponds left")
    ends = os.pipe()
    port = harness.free_port()
    p = subprocess.Popen([harness.PONDSERVE, "-p", str(port), www],
                         stdin=subprocess.DEVNULL, stdout=ends[1],
                         stderr=subprocess.PIPE,
                         env=dict(os.environ, **harness.SANITIZERS))
    os.close(ends[1])
    os.read(ends[0], 65536)
    os.close(ends[0])
    with Client(port) as c:
        for _ in range(50):
            equal(c.ask("/small.txt").status, 200)
    p.terminate()
    _, err = p.communicate()
    equal(p.returncode, 0, err)
    assert b"could not be written" in err, err


def test_full_disk(ctx):
    """A log that takes no more: what is lost is counted, nobody waits."""
    def little():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    for log, preexec in (("/dev/full", None), (None, little)):
        with Server(ctx.scratch.www, log=log, preexec=preexec,
                    may_warn=True) as s:
            for _ in range(10):
                with Client(s.port) as c:
                    for _ in range(50):
                        c.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n")
                        equal(c.response().status, 204)
            requests, _, _, ponds = s.stop()
            equal((requests, ponds), (500, 0))
            lost = int(s.complaints().split()[1])
            assert 400 < lost <= 500, lost
            if not log:
                equal(os.path.getsize(s.log), 2000, "bytes of the log")


def strace_works():
    try:
        return subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null",
                               "true"], stderr=subprocess.DEVNULL).returncode
    except FileNotFoundError:
        return 1


def test_strace(ctx):
    """The same program as ever; the kernel's answers are what is changed."""
    if strace_works() != 0:
        raise Skip("strace is not there, or may not trace")
    if ctx.server.sanitized():
        raise Skip("a sanitizer maps memory, too, and must not be refused")
    ctx.scratch.file("hello.txt", b"hello\n")
    # What the dynamic linker maps is not ours to get wrong.
    counted = subprocess.run(
        ["strace", "-qq", "-e", "trace=mmap,munmap,mprotect",
         harness.PONDSERVE, "--version"], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    linked = counted.stderr.count(b"(")
    started = 0
    for calls in ("mmap", "madvise,munmap,mprotect", "openat2"):
        first = linked if calls != "openat2" else 1
        for when in [str(first + i) for i in range(8 if LONG else 3)] + [
                "%d+" % (first + 1), "%d+2" % (first + 1)]:
            port = harness.free_port()
            p = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                 "inject=%s:error=ENOMEM:when=%s" % (calls, when),
                 harness.PONDSERVE, "-l", "off", "-p", str(port),
                 ctx.scratch.www], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            line = p.stdout.readline()
            if line.startswith(b"pondserve: serving"):
                started += 1
                for _ in range(40):
                    with Client(port) as c:
                        c.send(get("/hello.txt"))
                        while b"\r\n\r\n" not in c.buffer and c.receive():
                            pass
                        status = c.buffer[9:12]
                        assert status in (b"", b"200", b"503", b"500"), status
                # strace does not pass it on.
                with open("/proc/%d/task/%d/children" % (p.pid, p.pid)) as f:
                    os.kill(int(f.read().split()[0]), 15)
            out, err = p.communicate(timeout=harness.PATIENCE)
            what = "%s, %s: %d, %r, %r" % (calls, when, p.returncode, out, err)
            assert p.returncode in (0, 1, 2), what
            if p.returncode == 0:
                assert b"ponds left: 0" in out, what
    assert started > 3, started
