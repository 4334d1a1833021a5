/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_SERVER_FAULTY_H
#define POND_TEST_SERVER_FAULTY_H
/*
 * faulty.h - included in front of every file of pondserve_faults: what the
 * server asks of its ponds goes through functions that may refuse, also where
 * it would be inlined and could be refused by a full block alone.
 */
#include <pond/pond.h>
#include <stdarg.h>

pond *faulty_create(pond *parent, const char *name);
pond *faulty_create_with(pond *parent, const char *name, const pond_options *o);
void *faulty_alloc(pond *p, size_t size);
void *faulty_new(pond *p, size_t count, size_t size, size_t alignment);
void *faulty_calloc(pond *p, size_t count, size_t size);
void *faulty_realloc(pond *p, void *at, size_t had, size_t size);
void *faulty_memdup(pond *p, const void *from, size_t size);
char *faulty_strdup(pond *p, const char *s);
char *faulty_strndup(pond *p, const char *s, size_t most);
char *faulty_vprintf(pond *p, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
char *faulty_printf(pond *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
pond_cleanup *faulty_defer(pond *p, void (*fn)(void *), void *arg);

#ifndef FAULTY_INNER
#define pond_create faulty_create
#define pond_create_with faulty_create_with
#define pond_alloc faulty_alloc
#define pond_new_ faulty_new
#define pond_calloc faulty_calloc
#define pond_realloc faulty_realloc
#define pond_memdup faulty_memdup
#define pond_strdup faulty_strdup
#define pond_strndup faulty_strndup
#define pond_vprintf faulty_vprintf
#define pond_printf faulty_printf
#define pond_defer faulty_defer
#endif

#endif
