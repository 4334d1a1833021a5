/* SPDX-License-Identifier: BSD-2-Clause */
/* A program of somebody else, in C: it sees the installed Pond alone. */
#include <memory_poll.h>
#include <pond/pond.h>
#include <stdio.h>
#include <string.h>

struct point {
    double x, y;
};

int main(void)
{
    pond *p = pond_create(NULL, "consumer");
    struct point *points = pond_new_array(p, struct point, 10);
    if (points == NULL || strcmp(pond_version(), POND_VERSION) != 0)
        return 1;
    points[9].x = 1;
    memory_poll_init();
    char *piece = memory_malloc(1000);
    if (piece == NULL)
        return 1;
    memset(piece, 1, 1000);
    memory_poll_free();
    puts(pond_printf(p, "consumer of Pond %s", pond_version()));
    pond_destroy(p);
    return 0;
}
