/* SPDX-License-Identifier: BSD-2-Clause */
/* zlib.c - a megabyte is packed and unpacked, some KiB at a time. */
#include "adapter.h"

#include <zlib.h>

enum { STEP = 3000 };

static unsigned char plain[1 << 20];
static unsigned char packed[(1 << 20) + 4096];
static unsigned char again[1 << 20];

static void *allocate(void *adapter, unsigned items, unsigned size)
{
    size_t bytes;
    if (__builtin_mul_overflow((size_t)items, (size_t)size, &bytes))
        return NULL;
    return adapter_alloc(adapter, bytes);
}

/* Text of a few words, with some chance in it. */
static void fill(size_t n)
{
    static const char word[8][9] = {"pond",  "region", "heap ", "slab\n",
                                    "fixed", "mark",   "<li>",  "0123"};
    test_random r = {7};
    for (size_t i = 0; i < n;) {
        uint64_t chance = test_random_next(&r);
        const char *w = word[chance % 8];
        for (; *w && i < n; w++)
            plain[i++] = (unsigned char)*w;
        if (i < n)
            plain[i++] = (unsigned char)(chance >> 32);
    }
}

/* Move everything through deflate or inflate; its last result. */
static int pump(z_stream *z, int (*step)(z_stream *, int), size_t n,
                size_t room)
{
    size_t in = 0, out = 0;
    int result = Z_OK;
    while (result == Z_OK) {
        size_t left = n - in, free = room - out;
        z->avail_in = (unsigned)(left < STEP ? left : STEP);
        z->avail_out = (unsigned)(free < STEP ? free : STEP);
        size_t had_in = z->avail_in, had_out = z->avail_out;
        result = step(z, left <= STEP ? Z_FINISH : Z_NO_FLUSH);
        in += had_in - z->avail_in;
        out += had_out - z->avail_out;
        bool moved = z->avail_in < had_in || z->avail_out < had_out;
        if (result == Z_BUF_ERROR && moved)
            result = Z_OK; /* not an error: there is more to do */
    }
    return result;
}

static enum outcome pack(struct adapter *a, size_t n, enum ending ending,
                         size_t *bytes)
{
    z_stream z = {.zalloc = allocate, .zfree = adapter_free, .opaque = a};
    int result = deflateInit(&z, Z_DEFAULT_COMPRESSION);
    if (result == Z_MEM_ERROR)
        return OUT_OF_MEMORY;
    CHECK(result == Z_OK);
    z.next_in = plain;
    z.next_out = packed;
    CHECK(pump(&z, deflate, n, sizeof packed) == Z_STREAM_END);
    *bytes = z.total_out;
    if (ending == CLOSE)
        CHECK(deflateEnd(&z) == Z_OK);
    return DONE;
}

static enum outcome unpack(struct adapter *a, size_t n, enum ending ending,
                           size_t bytes)
{
    z_stream z = {.zalloc = allocate, .zfree = adapter_free, .opaque = a};
    int result = inflateInit(&z);
    if (result == Z_MEM_ERROR)
        return OUT_OF_MEMORY;
    CHECK(result == Z_OK);
    z.next_in = packed;
    z.next_out = again;
    result = pump(&z, inflate, bytes, sizeof again);
    CHECK(result == Z_STREAM_END || result == Z_MEM_ERROR);
    if (result == Z_STREAM_END)
        CHECK(z.total_out == n && memcmp(plain, again, n) == 0);
    if (ending == CLOSE)
        CHECK(inflateEnd(&z) == Z_OK);
    return result == Z_STREAM_END ? DONE : OUT_OF_MEMORY;
}

enum outcome zlib_work(struct adapter *a, size_t percent, enum ending ending)
{
    size_t n = sizeof plain / 100 * percent, bytes;
    if (percent == 100)
        n = sizeof plain;
    fill(n);
    memset(again, 0, n);
    if (pack(a, n, ending, &bytes) == OUT_OF_MEMORY)
        return OUT_OF_MEMORY;
    CHECK(bytes < n);
    return unpack(a, n, ending, bytes);
}
