/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lua.c - Lua's standard libraries and a script that builds and drops tables,
 * strings and closures, all in protected mode.
 */
#include "adapter.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static const char script[] =
    "local rounds = ...\n"
    "local kept, sum = {}, 0\n"
    "for round = 1, rounds do\n"
    "  local rows = {}\n"
    "  for i = 1, 40 do\n"
    "    local row = {name = 'row ' .. i .. '/' .. round, n = i,\n"
    "                 f = function() return i + round end}\n"
    "    for k = 1, i do row[k] = k * i end\n"
    "    rows[#rows + 1] = row\n"
    "  end\n"
    "  table.sort(rows, function(a, b) return a.name < b.name end)\n"
    "  local text = {}\n"
    "  for _, row in ipairs(rows) do\n"
    "    sum = sum + row.f() + #row\n"
    "    text[#text + 1] = row.name:rep(3, ','):upper()\n"
    "  end\n"
    "  local all = table.concat(text, '\\n')\n"
    "  kept[round % 10] = all:gsub('ROW', function(w) return w:lower() end)\n"
    "  local co = coroutine.wrap(function() coroutine.yield(#all) end)\n"
    "  assert(co() > 1000)\n"
    "  if round % 25 == 0 then collectgarbage() end\n"
    "end\n"
    "return sum\n";

/* What the script returns, by itself. */
static long long expected(long long rounds)
{
    long long sum = 0;
    for (long long round = 1; round <= rounds; round++)
        for (long long i = 1; i <= 40; i++)
            sum += i + round + i;
    return sum;
}

/* lua_Alloc. Some versions of Lua take it for granted that an object can be
 * made smaller. */
static void *allocate(void *adapter, void *ptr, size_t had, size_t size)
{
    if (size == 0) {
        adapter_free(adapter, ptr);
        return NULL;
    }
    void *moved = adapter_realloc(adapter, ptr, size);
    return moved == NULL && ptr != NULL && size <= had ? ptr : moved;
}

static int run(lua_State *L)
{
    lua_Integer rounds = lua_tointeger(L, 1);
    luaL_openlibs(L);
    if (luaL_loadstring(L, script) != LUA_OK)
        return lua_error(L);
    lua_pushinteger(L, rounds);
    lua_call(L, 1, 1);
    return 1;
}

enum outcome lua_work(struct adapter *a, size_t percent, enum ending ending)
{
    lua_Integer rounds = (lua_Integer)(percent * 2);
    lua_State *L = lua_newstate(allocate, a);
    if (L == NULL)
        return OUT_OF_MEMORY;
    lua_pushcfunction(L, run);
    lua_pushinteger(L, rounds);
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_ERRMEM)
        CHECK(strstr(lua_tostring(L, -1), "not enough memory"));
    else if (status != LUA_OK)
        fail_msg("Lua: %s", lua_tostring(L, -1));
    else
        CHECK(lua_tointeger(L, -1) == expected(rounds));
    if (ending == CLOSE)
        lua_close(L);
    return status == LUA_OK ? DONE : OUT_OF_MEMORY;
}
