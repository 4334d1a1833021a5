# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of pondserve share: a scratch folder, a server on a free port,
a client that speaks bytes. Waiting is always for a condition; the one time
limit is there so that a hang is a failure and not a hang of the tests."""
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

PONDSERVE = None
STALE = 0.02  # seconds; more than `cached_time` of CONFIG and a clock's grain
CONFIG = "[limits]\ncached_time = 1ms\n"
PATIENCE = 60  # seconds; only ever reached by a failure
SANITIZERS = {
    # A leak is a failure of the server; so is any report.
    "ASAN_OPTIONS": "detect_leaks=1:exitcode=99:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
}
NO_OPENAT2 = (b"pondserve: openat2 is not to be had here, so no symbolic links "
              b"are followed\n")


class Skip(Exception):
    pass


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.01)


def equal(got, wanted, what="value"):
    if got != wanted:
        raise AssertionError("%s is %.1000r, not %.1000r" %
                             (what, got, wanted))


def sha(data):
    return hashlib.sha256(data).hexdigest()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Scratch:
    """A folder with a web root in it, gone afterwards."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="pondserve-test-")
        self.www = os.path.join(self.path, "www")
        os.mkdir(self.www)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name, data=b"", folder=None):
        path = os.path.join(folder or self.www, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            # Another file by that name, so that no answer holds some of both;
            # and longer than the server takes files for unchanged.
            os.unlink(path)
            time.sleep(STALE)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def folder(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path


class Context:
    def __init__(self, scratch, server):
        self.scratch = scratch
        self.server = server

    def connect(self):
        return Client(self.server.port)

    def get(self, target, method="GET", headers=""):
        with self.connect() as c:
            return c.ask(target, method, headers)


class Server:
    """A pondserve that runs. Its standard output is read all the time, so that
    it never has to wait for us. log: its file; None: one of its own; "": do not
    say where. config: the text of its configuration."""

    def __init__(self, folder, options=(), log=None, preexec=None, env=None,
                 may_warn=False, config=None):
        self.config = None
        if config is not None:
            fd, self.config = tempfile.mkstemp(prefix="pondserve-conf-")
            os.write(fd, config.encode())
            os.close(fd)
            options = ["-c", self.config, *options]
        self.may_warn = may_warn
        self.own_log = log is None
        self.log = log
        if self.own_log:
            fd, self.log = tempfile.mkstemp(prefix="pondserve-log-")
            os.close(fd)
        for _ in range(5):
            self.port = free_port()
            self.begin(folder, list(options), preexec, env)
            if wait_for(lambda: self.ready() or self.process.poll() is not None,
                        "the server to start") and self.ready():
                return
            if self.process.wait() != 2:
                break
        raise AssertionError("pondserve does not start: %r %r" %
                             (self.out, self.err))

    def begin(self, folder, options, preexec, env):
        self.out = self.err = b""
        self.process = subprocess.Popen(
            [PONDSERVE] + (["-l", self.log] if self.log else []) +
            ["-p", str(self.port)] +
            options + ([folder] if folder else []),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=preexec,
            env=dict(os.environ, **SANITIZERS, **(env or {})))
        self.readers = [
            threading.Thread(target=self.read, args=(name,), daemon=True)
            for name in ("stdout", "stderr")]
        for reader in self.readers:
            reader.start()

    def read(self, name):
        pipe = getattr(self.process, name)
        while True:
            some = os.read(pipe.fileno(), 65536)
            if not some:
                return
            if name == "stdout":
                self.out += some
            else:
                self.err += some

    def ready(self):
        return b"try: curl" in self.out and self.out.count(b"\n") > 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        if self.config:
            os.unlink(self.config)
        if self.own_log and os.path.exists(self.log):
            os.unlink(self.log)

    def must_run(self):
        if self.process.poll() is not None:
            raise AssertionError("the server has died: %s %s" % (
                self.process.returncode, self.err.decode(errors="replace")))

    def stop(self, sig=signal.SIGTERM):
        """Stop it; returns the last line's four figures."""
        self.process.send_signal(sig)
        status = self.process.wait(PATIENCE)
        for reader in self.readers:
            reader.join()
        err = self.complaints().decode(errors="replace")
        if status != 0 or (err and not self.may_warn):
            raise AssertionError("it ended with %s, saying %s" % (status, err))
        last = self.out.decode().splitlines()[-1]
        found = re.fullmatch(
            r"pondserve: stopped: (\d+) requests, (\d+) connections, "
            r"peak memory (\d+\.\d) MiB, ponds left: (\d+)", last)
        if not found:
            raise AssertionError("the last line is " + last)
        return (int(found[1]), int(found[2]), float(found[3]), int(found[4]))

    def walks(self):
        """Whether it does without openat2: an old kernel, or valgrind."""
        return NO_OPENAT2 in self.err

    def complaints(self):
        return self.err.replace(NO_OPENAT2, b"")

    def finish(self):
        """For the server that all tests shared: what is wrong at its end."""
        try:
            figures = self.stop()
            return ["%d ponds left" % figures[3]] if figures[3] else []
        except AssertionError as error:
            return [str(error)]

    def lines(self):
        """The log's lines; they are complete once the server is idle."""
        with open(self.log, "rb") as f:
            return f.read().split(b"\n")[:-1]

    def wait_for_line(self, part):
        return wait_for(lambda: [x for x in self.lines() if part in x],
                        "a line with %r in the log" % part)[0]

    def status(self, key):
        with open("/proc/%d/status" % self.process.pid) as f:
            for line in f:
                if line.startswith(key + ":"):
                    return line.split(":", 1)[1].strip()
        return ""

    def rss(self):
        return int(self.status("VmRSS").split()[0]) * 1024

    def under_valgrind(self):
        with open("/proc/%d/maps" % self.process.pid) as f:
            return "vgpreload" in f.read()

    def sanitized(self):
        """Whether memory figures say nothing: a sanitizer's shadow of many
        terabytes, or valgrind."""
        return (self.under_valgrind() or
                int(self.status("VmSize").split()[0]) > 1 << 30)


class Response:
    def __init__(self, head, body):
        self.head = head
        lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) ([^\r\n]+)", lines[0])
        if not found:
            raise AssertionError("a status line %r" % lines[0])
        self.status = int(found[1])
        self.phrase = found[2]
        self.fields = []
        for line in lines[1:-2]:
            found = re.fullmatch(r"([A-Za-z-]+): ([^\x00-\x1f]*[^\x00-\x20])",
                                 line)
            if not found:
                raise AssertionError("a field line %r" % line)
            self.fields.append((found[1].lower(), found[2]))
        names = [name for name, _ in self.fields]
        if self.status >= 200 and not {"date", "server"} <= set(names):
            raise AssertionError("no Date or no Server: %r" % names)
        if len(set(names)) != len(names):
            raise AssertionError("a field comes twice: %r" % names)
        self.body = body

    def __getitem__(self, name):
        return dict(self.fields).get(name.lower())


class Client:
    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                   receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode("latin-1")
                            if isinstance(data, str) else data)

    def trickle(self, data):
        """One byte a packet; a server that hangs up early is fine."""
        for i in range(len(data)):
            try:
                self.socket.sendall(data[i:i + 1])
            except (BrokenPipeError, ConnectionResetError):
                return

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def receive(self):
        some = self.socket.recv(262144)
        self.buffer += some
        return some

    def take(self, n):
        while len(self.buffer) < n:
            if not self.receive():
                raise AssertionError("the end after %d of %d bytes" %
                                     (len(self.buffer), n))
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def response(self, method="GET"):
        while b"\r\n\r\n" not in self.buffer:
            if not self.receive():
                raise AssertionError("the end within a head: %r" % self.buffer)
        head = self.take(self.buffer.index(b"\r\n\r\n") + 4)
        r = Response(head, b"")
        if method == "HEAD" or r.status in (204, 304):
            return r
        if r["transfer-encoding"]:
            equal((r["transfer-encoding"], r["content-length"]),
                  ("chunked", None))
            r.body = self.chunks()
        else:
            r.body = self.take(int(r["content-length"]))
        return r

    def chunks(self):
        """A body in chunks, put together."""
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                if not self.receive():
                    raise AssertionError("the end within a chunk's size")
            size = self.take(self.buffer.index(b"\r\n") + 2)
            if not re.fullmatch(rb"[0-9a-f]+\r\n", size):
                raise AssertionError("a chunk's size is %.80r" % size)
            data = self.take(int(size, 16) + 2)
            equal(data[-2:], b"\r\n")
            if len(data) == 2:
                return body
            body += data[:-2]

    def ask(self, target, method="GET", headers=""):
        self.send("%s %s HTTP/1.1\r\nHost: test\r\n%s\r\n" %
                  (method, target, headers))
        return self.response(method)

    def at_end(self):
        """Whether the server has closed and nothing is left."""
        try:
            while not self.buffer:
                if not self.receive():
                    return True
        except ConnectionResetError:
            return not self.buffer
        return False

    def must_be_open(self, folder_file="/hello.txt"):
        equal(self.ask(folder_file).status, 200, "a further status")

    def must_be_closed(self):
        if not self.at_end():
            raise AssertionError("more comes: %r" % self.buffer[:200])
