/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adapters.c - a heap as the malloc of libraries: one for each connection.
 *
 *     cc adapters.c $(pkg-config --cflags --libs pond lua5.4 zlib)
 *
 * What a connection's script and packer hold counts towards the connection's
 * limit and ends with it, without lua_close or deflateEnd. adapter_nghttp2.c
 * does the same for HTTP/2.
 */
#include <lauxlib.h>
#include <lualib.h>
#include <pond/heap.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* For Lua: one function. (Before 5.4, Lua relies on shrinking to succeed.) */
static void *lua_memory(void *heap, void *ptr, size_t had, size_t size)
{
    if (size == 0) {
        pond_heap_free(heap, ptr);
        return NULL;
    }
    void *moved = pond_heap_realloc(heap, ptr, size);
    return moved == NULL && ptr != NULL && size <= had ? ptr : moved;
}

/* For zlib: two. */
static void *z_alloc(void *heap, unsigned items, unsigned size)
{
    return pond_heap_calloc(heap, items, size);
}

static void z_free(void *heap, void *ptr)
{
    pond_heap_free(heap, ptr);
}

static int script_run(lua_State *lua)
{
    luaL_requiref(lua, "string", luaopen_string, 1);
    if (luaL_loadstring(lua, lua_touserdata(lua, 1)) != LUA_OK)
        return lua_error(lua);
    lua_call(lua, 0, 1);
    return 1;
}

/* What the script returns, or what is wrong with it; NULL: no memory. */
static const char *script(pond_heap *heap, const char *source)
{
    lua_State *lua = lua_newstate(lua_memory, heap);
    if (lua == NULL)
        return NULL;
    lua_pushcfunction(lua, script_run);
    lua_pushlightuserdata(lua, (void *)(uintptr_t)source);
    lua_pcall(lua, 1, 1, 0);
    return lua_tostring(lua, -1);
}

/* The size of a text when packed; 0: no memory. */
static unsigned long pack(pond_heap *heap, const char *text)
{
    unsigned char packed[512];
    z_stream z = {.zalloc = z_alloc, .zfree = z_free, .opaque = heap};
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)strlen(text);
    z.next_out = packed;
    z.avail_out = sizeof packed;
    if (deflateInit(&z, 9) != Z_OK || deflate(&z, Z_FINISH) != Z_STREAM_END)
        return 0;
    return z.total_out;
}

int main(void)
{
    pond *connection = pond_create(NULL, "connection");
    if (connection == NULL)
        return 1;
    pond_limit(connection, 1 << 20);
    pond_heap *heap = pond_heap_create(connection);
    const char *text =
        heap != NULL ? script(heap, "return ('pond '):rep(1000)") : NULL;
    if (text == NULL)
        return 1;
    printf("%zu bytes by Lua, %s by zlib\n", strlen(text),
           pack(heap, text) < 100 ? "few" : "many");
    text = script(heap, "return ('pond '):rep(1000000)"); /* over the limit */
    puts(text != NULL ? text : "no room for a script");
    pond_destroy(connection); /* two scripts and a packer */
    printf("%zu ponds left\n", pond_process_usage_get().n_ponds);
    return 0;
}

/* Prints:
5000 bytes by Lua, few by zlib
not enough memory
0 ponds left
*/
