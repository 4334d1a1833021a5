/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * census.c - see census.h. Open addressing; what is removed is closed up, so
 * there are no gravestones.
 */
#include "census.h"

#define FIRST_SIZE 256

struct count {
    uint64_t key[2];
    uint32_t n; /* 0: free */
};

static bool key_of(const union peer *p, uint64_t key[2])
{
    uint8_t bytes[16];

    if (!peer_bytes(p, bytes))
        return false;
    memcpy(key, bytes, 16);
    if (p->family == AF_INET6)
        key[1] = 0;
    return true;
}

static size_t place_of(const struct census *c, const uint64_t key[2])
{
    uint64_t h = (key[0] ^ key[1] * 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;

    return (size_t)(h ^ h >> 32) & (c->size - 1);
}

/* Where it is, or the free place where it would be. */
static struct count *find(const struct census *c, const uint64_t key[2])
{
    size_t at = place_of(c, key);

    while (c->table[at].n && memcmp(c->table[at].key, key, 16) != 0)
        at = (at + 1) & (c->size - 1);
    return &c->table[at];
}

static bool grow(struct census *c)
{
    struct census larger = {.pond = pond_create(NULL, "census"),
                            .size = c->size ? 2 * c->size : FIRST_SIZE,
                            .used = c->used};

    if (larger.pond)
        larger.table =
            pond_calloc(larger.pond, larger.size, sizeof(struct count));
    if (!larger.table) {
        pond_destroy(larger.pond);
        return false;
    }
    for (size_t i = 0; i < c->size; i++)
        if (c->table[i].n)
            *find(&larger, c->table[i].key) = c->table[i];
    pond_destroy(c->pond);
    *c = larger;
    return true;
}

bool census_add(struct census *c, const union peer *p, size_t most)
{
    uint64_t key[2];

    if (!key_of(p, key))
        return true;
    if (c->used * 2 >= c->size && !grow(c))
        return false;
    struct count *found = find(c, key);
    if (found->n >= most)
        return false;
    if (found->n == 0) {
        memcpy(found->key, key, 16);
        c->used++;
    }
    found->n++;
    return true;
}

void census_remove(struct census *c, const union peer *p)
{
    uint64_t key[2];

    if (!key_of(p, key))
        return;
    struct count *found = find(c, key);
    if (found->n == 0 || --found->n > 0)
        return;
    c->used--;
    /* Those behind it may have wanted its place. */
    size_t hole = (size_t)(found - c->table);
    for (size_t at = hole;;) {
        at = (at + 1) & (c->size - 1);
        if (c->table[at].n == 0)
            return;
        size_t wanted = place_of(c, c->table[at].key);
        if (((at - wanted) & (c->size - 1)) < ((at - hole) & (c->size - 1)))
            continue;
        c->table[hole] = c->table[at];
        c->table[at].n = 0;
        hole = at;
    }
}

void census_end(struct census *c)
{
    pond_destroy(c->pond);
    *c = (struct census){0};
}
