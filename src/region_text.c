/* SPDX-License-Identifier: BSD-2-Clause */
/* region_text.c - layer 3: copies and text in a pond. */
#include "debug.h"
#include "region.h"

#include <stdio.h>
#include <string.h>

void *pond_memdup(pond *p, const void *src, size_t size)
{
    DEBUG_ENTER(region_of(p, "pond_memdup"), "pond_memdup");
    void *copy = pond_alloc(p, size);
    if (copy && size > 0)
        memcpy(copy, src, size);
    DEBUG_LEAVE();
    return copy;
}

/* length bytes of s and a terminating zero. */
static char *copy_text(pond *p, const char *s, size_t length)
{
    char *copy = pond_alloc(p, length + 1);
    if (copy) {
        memcpy(copy, s, length);
        copy[length] = '\0';
    }
    return copy;
}

char *pond_strdup(pond *p, const char *s)
{
    DEBUG_ENTER(region_of(p, "pond_strdup"), "pond_strdup");
    char *copy = copy_text(p, s, strlen(s));
    DEBUG_LEAVE();
    return copy;
}

char *pond_strndup(pond *p, const char *s, size_t max)
{
    DEBUG_ENTER(region_of(p, "pond_strndup"), "pond_strndup");
    char *copy = copy_text(p, s, strnlen(s, max));
    DEBUG_LEAVE();
    return copy;
}

char *pond_printf(pond *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    DEBUG_ENTER(region_of(p, "pond_printf"), "pond_printf");
    char *text = pond_vprintf(p, format, args);
    DEBUG_LEAVE();
    va_end(args);
    return text;
}

/* Written straight behind what is there; a second time only when the current
 * block has no room for it. */
char *pond_vprintf(pond *p, const char *format, va_list args)
{
    struct region *r = region_of(p, "pond_vprintf");
    DEBUG_ENTER(r, "pond_vprintf");
    va_list again;
    va_copy(again, args);
    char *here = p->cur;
    size_t room = (size_t)(p->end - here);
    int n = vsnprintf(room ? here : NULL, room, format, args);
    char *text = NULL;
    if (n < 0) {
        region_fail(r);
    } else {
        char *written = here + ((size_t)n < room ? (size_t)n + 1 : room);
        if (r->zero_from < written) /* scribbled on */
            r->zero_from = written;
        text = pond_alloc(p, (size_t)n + 1);
        if (text && (text != here || (size_t)n >= room))
            vsnprintf(text, (size_t)n + 1, format, again);
    }
    va_end(again);
    DEBUG_LEAVE();
    return text;
}
