/* SPDX-License-Identifier: BSD-2-Clause */
/* crime: An object of a pond that was rewound is read. */
/* release: ? */
/* debug: ? */
/* asan: ? */
/* valgrind: ? */
#include "crime.h"

int main(void)
{
    pond *p = pond_create(NULL, "request");
    pond_mark mark = pond_mark_take(p);
    char *object = pond_alloc(p, 40);
    pond_rewind(p, mark);
    peek(object, 3);
    pond_destroy(p);
    return 0;
}
