# SPDX-License-Identifier: BSD-2-Clause
"""What is sent for each row of docs/http.md. A dollar sign at the end closes
the client's half, a bar waits for an answer."""

BIG = {"LINE": b"a" * 8200, "BLOCK": b"y" * 33000, "MANY": b"X: y\r\n" * 100}

ROWS = {
    "first-byte":
        b"\x16\x03\x01",
    "empty-line":
        b"\r\nGET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "empty-lines":
        b"\r\n\r\nGET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "bare-lf":
        b"GET /hello.txt HTTP/1.1\nHost: test\r\n\r\n",
    "bare-cr":
        b"GET /hello.txt HTTP/1.1\r\nHost: te\rst\r\n\r\n",
    "before-field":
        b"GET /hello.txt HTTP/1.1\r\n Host: test\r\n\r\n",
    "line-blanks":
        b"GET  /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "line-tail":
        b"GET /hello.txt HTTP/1.1 \r\nHost: test\r\n\r\n",
    "line-long":
        b"GET /%(LINE) HTTP/1.1\r\nHost: test\r\n\r\n",
    "method-unknown":
        b"BREW / HTTP/1.1\r\nHost: test\r\n\r\n",
    "method-case":
        b"get / HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-control":
        b"GET /a\x01b HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-escape":
        b"GET /a%zz HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-fragment":
        b"GET /a#b HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-absolute":
        b"GET http://other/hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-authority":
        b"GET test:80 HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-asterisk":
        b"GET * HTTP/1.1\r\nHost: test\r\n\r\n",
    "target-userinfo":
        b"GET http://u@test/ HTTP/1.1\r\nHost: test\r\n\r\n",
    "version-10":
        b"GET /hello.txt HTTP/1.0\r\n\r\n",
    "version-other":
        b"GET / HTTP/2.0\r\nHost: test\r\n\r\n",
    "version-bad":
        b"GET / HTTP/1.10\r\nHost: test\r\n\r\n",
    "version-none":
        b"GET /\r\n",
    "name-empty":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n: x\r\n\r\n",
    "name-blank":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX : y\r\n\r\n",
    "name-byte":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX(: y\r\n\r\n",
    "name-only":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX\r\n\r\n",
    "fold":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX: y\r\n z\r\n\r\n",
    "value-nul":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX: a\x00b\r\n\r\n",
    "value-obs":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX: \xe4\r\n\r\n",
    "block-long":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nX: %(BLOCK)\r\n\r\n",
    "fields-many":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n%(MANY)\r\n",
    "host-none":
        b"GET /hello.txt HTTP/1.1\r\n\r\n",
    "host-twice":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nHost: test\r\n\r\n",
    "host-bad":
        b"GET /hello.txt HTTP/1.1\r\nHost: a b\r\n\r\n",
    "host-none-10":
        b"GET /hello.txt HTTP/1.0\r\n\r\n",
    "length":
        b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n"
        b"\r\nabc",
    "length-twice":
        b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n"
        b"Content-Length: 3\r\n\r\nabc",
    "length-bad":
        b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: +3\r\n"
        b"\r\nabc",
    "length-list":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Content-Length: 3, 3\r\n\r\nabc",
    "length-huge":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Content-Length: 99999999999999999999\r\n\r\n",
    "length-and-te":
        b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "te-10":
        b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\n",
    "te-last":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "te-known":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "te-unknown":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: frob\r\n\r\n0\r\n\r\n",
    "chunked":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunk-extension":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3;a=b;c=\"d\"\r\nabc\r\n"
        b"0\r\n\r\n",
    "chunk-size":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nx\r\nabc\r\n0\r\n\r\n",
    "chunk-size-blank":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
    "chunk-huge":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n",
    "chunk-end":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
    "chunk-lf":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
    "trailers":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n",
    "trailers-bad":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n",
    "body-large":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Content-Length: 1048577\r\n\r\n",
    "body-cut":
        b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n"
        b"\r\nabc$",
    "body-get":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Content-Length: 3\r\n\r\nabc",
    "head-cut":
        b"GET /hello.txt HTTP/1.1\r\nHost:$",
    "continue":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n|abc",
    "continue-sent":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "continue-large":
        b"POST /echo HTTP/1.1\r\nHost: test\r\n"
        b"Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n",
    "continue-get":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    "continue-10":
        b"POST /echo HTTP/1.0\r\nExpect: 100-continue\r\n"
        b"Content-Length: 3\r\n\r\nabc",
    "expect-other":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nExpect: frob\r\n"
        b"\r\n",
    "get":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "head":
        b"HEAD /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "head-refused":
        b"HEAD /hello.txt HTTP/1.1\r\nHost: test\r\nX : y\r\n\r\n",
    "options":
        b"OPTIONS /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "options-asterisk":
        b"OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n",
    "post-file":
        b"POST /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "post-body":
        b"POST /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Content-Length: 3\r\n\r\nabc",
    "trace":
        b"TRACE /echo HTTP/1.1\r\nHost: test\r\n\r\n",
    "connect":
        b"CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n",
    "echo-put":
        b"PUT /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n"
        b"\r\nx",
    "keep-alive":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "keep-alive-10":
        b"GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "close":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Connection: close\r\n\r\n",
    "pipelining":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n"
        b"GET /none HTTP/1.1\r\nHost: test\r\n\r\n"
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n",
    "half-close":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n\r\n$",
    "silent":
        b"$",
    "upgrade":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "timeout":
        b"GET /hello.txt HTTP/1.1\r\nHost: te",
    "if-match":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nIf-Match: \"x\"\r\n"
        b"\r\n",
    "if-none-match":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"If-None-Match: *\r\n\r\n",
    "if-modified-since":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
    "if-unmodified-since":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"If-Unmodified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n\r\n",
    "if-order":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"If-None-Match: \"x\"\r\n"
        b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
    "if-order-match":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nIf-Match: *\r\n"
        b"If-Unmodified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n\r\n",
    "if-order-first":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nIf-Match: \"x\"\r\n"
        b"If-None-Match: *\r\n\r\n",
    "if-missing":
        b"GET /none HTTP/1.1\r\nHost: test\r\nIf-Match: *\r\n\r\n",
    "date-forms":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n\r\n",
    "range":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nRange: bytes=-2\r\n"
        b"\r\n",
    "ranges":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Range: bytes=0-1,3-4\r\n\r\n",
    "range-none":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\nRange: bytes=6-\r\n"
        b"\r\n",
    "range-empty":
        b"GET /empty.bin HTTP/1.1\r\nHost: test\r\n"
        b"Range: bytes=0-0\r\n\r\n",
    "range-unit":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Range: items=0-1\r\n\r\n",
    "if-range":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Range: bytes=0-1\r\nIf-Range: \"x\"\r\n\r\n",
    "range-head":
        b"HEAD /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Range: bytes=0-1\r\n\r\n",
    "encoding":
        b"GET /text.txt HTTP/1.1\r\nHost: test\r\n"
        b"Accept-Encoding: gzip;q=0.5\r\n\r\n",
    "encoding-10":
        b"GET /text.txt HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n",
    "encoding-none":
        b"GET /text.txt HTTP/1.1\r\nHost: test\r\n"
        b"Accept-Encoding: identity;q=0\r\n\r\n",
    "accept":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Accept: image/png\r\nAccept-Language: zh\r\n\r\n",
    "authorization":
        b"GET /hello.txt HTTP/1.1\r\nHost: test\r\n"
        b"Authorization: Basic eDp5\r\n\r\n",
    "redirect":
        b"GET /sub HTTP/1.1\r\nHost: test\r\n\r\n",
    "missing":
        b"GET /../x HTTP/1.1\r\nHost: test\r\n\r\n",
}

for _key, _data in ROWS.items():
    for _name, _big in BIG.items():
        _data = _data.replace(b"%(" + _name.encode() + b")", _big)
    ROWS[_key] = _data
