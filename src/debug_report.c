/* SPDX-License-Identifier: BSD-2-Clause */
/* debug_report.c - layer 3: misuses told with all that debug knows. */
#define _GNU_SOURCE
#include "debug.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

extern __typeof__(dladdr) dladdr __attribute__((weak));

enum { TEXT = 640 };

/* Text that is put together piece by piece; what does not fit is left out. */
struct text {
    size_t n;
    char bytes[TEXT];
};

static __attribute__((format(printf, 2, 3))) void add(struct text *t,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->bytes + t->n, TEXT - t->n, format, args);
    va_end(args);
    if (n > 0)
        t->n += (size_t)n < TEXT - t->n ? (size_t)n : TEXT - t->n - 1;
}

/* A place in the program, in a form that addr2line takes. */
static void add_caller(struct text *t, const char *did, const void *at)
{
    Dl_info where;
    if (!debug_options.caller || at == NULL)
        return;
    add(t, ", %s ", did);
    if (dladdr == NULL || !dladdr(at, &where) || where.dli_fname == NULL) {
        add(t, "by %p", at);
        return;
    }
    const char *file = strrchr(where.dli_fname, '/');
    if (where.dli_sname)
        add(t, "in %s() ", where.dli_sname);
    add(t, "at %s+0x%tx", file ? file + 1 : where.dli_fname,
        (const char *)at - (const char *)where.dli_fbase);
}

static void add_object(struct text *t, const struct debug_object *o)
{
    if (o->what == debug_an_object)
        add(t, "the object of %zu bytes at %p of %s \"%s\"", o->size,
            (const void *)o->ptr, o->holder_what, o->name);
    else
        add(t, "%s \"%s\" (%p)", o->what, o->name, (const void *)o->ptr);
    add_caller(t, "allocated", o->made_at);
    if (o->ended)
        add_caller(t, "ended", o->ended_at);
}

void misuse_of(const struct debug_object *o, const char *format, ...)
{
    struct text t = {0}, said = {0};
    add_object(&t, o);
    va_list args;
    va_start(args, format);
    vsnprintf(said.bytes, TEXT, format, args);
    va_end(args);
    misuse_at(o->ptr, "%s, %s", t.bytes, said.bytes);
}

void debug_misuse_pointer(const char *call, const void *ptr, const char *want,
                          const struct debug_holder *holder)
{
    struct text t = {0};
    const struct debug_object *o = debug_object_find(ptr);
    if (o && o->ended) {
        add(&t, "it has ended: ");
        add_object(&t, o);
    } else if (o) {
        add(&t, "it is ");
        add_object(&t, o);
    } else if (debug_options.checker != OS_CHECKER_NONE ||
               debug_options.quarantine) {
        add(&t, "nothing begins there, or it ended a while ago");
    } else {
        add(&t, "nothing begins there, or it has ended "
                "(POND_DEBUG=all may tell)");
    }
    if (holder)
        misuse_at(ptr, "%s: %p is no live %s of %s \"%s\": %s", call, ptr, want,
                  holder->what, holder->name, t.bytes);
    misuse_at(ptr, "%s: %p is no live %s: %s", call, ptr, want, t.bytes);
}
