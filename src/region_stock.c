/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region_stock.c - layer 3: ended ponds on their way from one thread to
 * another.
 *
 * Where ponds begin on one thread and end on another, the one always lacks what
 * the other has too many of. So a thread that may keep no more of a class puts
 * a chain of those it has into the class's stock, and one that keeps none takes
 * a chain out, before either turns to the block source. A place holds a whole
 * chain in one word, which is only ever exchanged whole: no lock, and nobody
 * looks into a chain that is not its own.
 *
 *     place = address of the first, a multiple of 64
 *           | block class of the first block of all << 3
 *           | how many, at most STOCK_CHAIN
 */
#include "region.h"

enum { STOCK_PLACES = 4 };
#define STOCK_MAX ((size_t)1 << 20) /* bytes, of all classes together */

static struct stock {
    _Alignas(32) uintptr_t place[STOCK_PLACES];
} stocks[CLASSES_MAX + 1];
static size_t stocked; /* bytes in all of them, or about to be */

static unsigned chain_length(uintptr_t word)
{
    return word & 7;
}

static unsigned chain_first(uintptr_t word)
{
    return word >> 3 & 7;
}

static size_t chain_bytes(uintptr_t word)
{
    return chain_length(word) * block_bytes(chain_first(word));
}

bool stock_put(unsigned index, struct region *chain, unsigned n)
{
    uintptr_t word = (uintptr_t)chain | (uintptr_t)chain->first << 3 | n;
    size_t bytes = chain_bytes(word);
    for (unsigned i = 0; i < STOCK_PLACES; i++) {
        uintptr_t *place = &stocks[index].place[i], empty = 0;
        if (__atomic_load_n(place, __ATOMIC_RELAXED) != 0)
            continue;
        if (__atomic_add_fetch(&stocked, bytes, __ATOMIC_RELAXED) > STOCK_MAX) {
            __atomic_fetch_sub(&stocked, bytes, __ATOMIC_RELAXED);
            return false;
        }
        if (__atomic_compare_exchange_n(place, &empty, word, false,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return true;
        __atomic_fetch_sub(&stocked, bytes, __ATOMIC_RELAXED);
    }
    return false;
}

struct region *stock_take(unsigned index)
{
    for (unsigned i = 0; i < STOCK_PLACES; i++) {
        uintptr_t *place = &stocks[index].place[i];
        if (__atomic_load_n(place, __ATOMIC_RELAXED) == 0)
            continue;
        uintptr_t word = __atomic_exchange_n(place, 0, __ATOMIC_ACQUIRE);
        if (word == 0)
            continue;
        __atomic_fetch_sub(&stocked, chain_bytes(word), __ATOMIC_RELAXED);
        return (struct region *)(word & ~(uintptr_t)63);
    }
    return NULL;
}

size_t stock_bytes(void)
{
    return __atomic_load_n(&stocked, __ATOMIC_RELAXED);
}

void stock_fork_child(void)
{
    stocked = 0; /* a thread that is no more may have been changing it */
    for (unsigned c = 0; c <= CLASSES_MAX; c++)
        for (unsigned i = 0; i < STOCK_PLACES; i++)
            stocked += chain_bytes(stocks[c].place[i]);
}
