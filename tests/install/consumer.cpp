/* SPDX-License-Identifier: BSD-2-Clause */
/* A program of somebody else, in C++: it sees the installed Pond alone. */
#include <cstdio>
#include <cstring>
#include <memory_poll.h>
#include <new>
#include <pond/pond.h>

struct point {
    double x = 1, y = 2;
};

struct alignas(64) line {
    char bytes[64];
};

int main()
{
    pond *p = pond_create(nullptr, "consumer");
    point *one = new (pond_new(p, point)) point;
    line *lines = pond_new_array(p, line, 3);
    if (one->y != 2 || reinterpret_cast<uintptr_t>(lines) % 64 != 0 ||
        std::strcmp(pond_version(), POND_VERSION) != 0)
        return 1;
    memory_poll_init();
    if (memory_malloc(1000) == nullptr)
        return 1;
    memory_poll_free();
    std::puts(pond_printf(p, "consumer of Pond %s", pond_version()));
    pond_destroy(p);
    return 0;
}
