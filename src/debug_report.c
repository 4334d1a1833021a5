/* SPDX-License-Identifier: BSD-2-Clause */
/* debug_report.c - layer 3: misuses told with all that debug knows. */
#define _GNU_SOURCE
#include "debug.h"

#include <dlfcn.h>
#include <link.h>
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

/* What addr2line wants: the address itself in a program that lies where it was
 * linked to lie, else the distance from where it lies. */
static uintptr_t place_in(const Dl_info *where, const void *at)
{
    const ElfW(Ehdr) *header = where->dli_fbase;
    bool fixed = header->e_type == ET_EXEC;
    return (uintptr_t)at - (fixed ? 0 : (uintptr_t)where->dli_fbase);
}

/* A place in the program; at is behind the call, which is meant. */
static void add_caller(struct text *t, const char *did, const void *at)
{
    Dl_info where;
    if (!debug_options.caller || at == NULL)
        return;
    add(t, ", %s ", did);
    at = (const char *)at - 1;
    if (dladdr == NULL || !dladdr(at, &where) || where.dli_fname == NULL) {
        add(t, "by %p", at);
        return;
    }
    const char *file = strrchr(where.dli_fname, '/');
    if (where.dli_sname)
        add(t, "in %s() ", where.dli_sname);
    add(t, "at %s+0x%zx", file ? file + 1 : where.dli_fname,
        (size_t)place_in(&where, at));
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
    const char *call = debug_call();
    add_object(&t, o);
    va_list args;
    va_start(args, format);
    vsnprintf(said.bytes, TEXT, format, args);
    va_end(args);
    add(&t, ", %s", said.bytes);
    add_caller(&t, "noticed", debug_caller());
    misuse_at(o->ptr, "%s: %s", call ? call : "pond", t.bytes);
}

static void add_pointer(struct text *t, const void *ptr, const char *want)
{
    const struct debug_object *o = debug_object_find(ptr);
    const struct debug_object *around = o ? NULL : debug_object_around(ptr);
    if (o && o->ended) {
        add(t, "it has ended: ");
    } else if (o && strcmp(o->what, want) == 0 && o->what != debug_an_object) {
        add(t, "it was overwritten: ");
    } else if (o) {
        add(t, "it is ");
    } else if (around) {
        add(t, "it is %td bytes into ",
            (const char *)ptr - (const char *)around->ptr);
        o = around;
    } else if (debug_options.checker != OS_CHECKER_NONE) {
        add(t, "nothing begins there, or not any more");
    } else if (debug_options.quarantine) {
        add(t, "nothing begins there, or it ended long ago");
    } else {
        add(t, "nothing begins there, or it has ended "
               "(POND_DEBUG=all may tell)");
    }
    if (o)
        add_object(t, o);
}

void debug_misuse_pointer(const char *call, const void *ptr, const char *want,
                          const struct debug_holder *holder)
{
    struct text t = {0};
    add_pointer(&t, ptr, want);
    add_caller(&t, "called", debug_caller());
    if (holder)
        misuse_at(ptr, "%s: %p is no live %s of %s \"%s\": %s", call, ptr, want,
                  holder->what, holder->name, t.bytes);
    misuse_at(ptr, "%s: %p is no live %s: %s", call, ptr, want, t.bytes);
}
