# SPDX-License-Identifier: BSD-2-Clause
"""What takes the server's own patience. Begun first, ended by test_memory, so
that the waiting goes on beside the other tests."""
from harness import Client

waiting = {}


def test_begin_to_dawdle(ctx):
    waiting["head"] = c = Client(ctx.server.port)
    c.send("GET / HTTP/1.1\r\nHost: te")
    waiting["answered"] = c = Client(ctx.server.port)
    c.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\nGET")
    c.response()
