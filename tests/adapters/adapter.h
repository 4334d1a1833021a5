/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ADAPTER_H
#define ADAPTER_H
/*
 * adapter.h - for test_adapters.c: a heap as the malloc of a library, with
 * refusals on demand; the work that each library does; and a count of what
 * anybody asks of malloc itself.
 */
#include "support.h"

#include <pond/heap.h>

/* The context that a library passes back with each of its requests. */
struct adapter {
    pond_heap *heap;
    size_t asked;     /* requests for memory so far */
    size_t refuse_at; /* the n-th is refused; 0: none */
    bool for_ever;    /* and all after it, too */
    size_t refused;   /* requests that got NULL, by the heap too */
    size_t live;      /* objects that the library holds */
};

void *adapter_alloc(void *adapter, size_t size);
void *adapter_calloc(void *adapter, size_t count, size_t size);
void *adapter_realloc(void *adapter, void *ptr, size_t size);
void adapter_free(void *adapter, void *ptr);

/* How a library's work ended. Any other end fails the test. */
enum outcome { DONE, OUT_OF_MEMORY };

/* What is to be left at the end of it. */
enum ending { CLOSE, LEAVE_OPEN };

/*
 * Each does real work by one library whose memory all comes from the adapter;
 * percent of the whole volume, 1 to 100. OUT_OF_MEMORY is what the library
 * itself reported.
 */
enum outcome lua_work(struct adapter *a, size_t percent, enum ending ending);
enum outcome zlib_work(struct adapter *a, size_t percent, enum ending ending);
enum outcome nghttp2_work(struct adapter *a, size_t percent,
                          enum ending ending);

/* What these libraries need of malloc once in a process. */
void nghttp2_begin(void);
void nghttp2_end(void);

/* Calls of malloc and its kin, free included, by anybody in the process. */
size_t malloc_calls(void);
/* Whether they are counted: not under a sanitizer or Valgrind. */
bool malloc_counted(void);

#endif
