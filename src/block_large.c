/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_large.c - layer 2: mappings of their own, for more than 1 MiB.
 *
 * A mapping begins at a multiple of 2 MiB with a header of 4 KiB, so that
 * a pointer into its first 2 MiB finds it as it would find a segment. A few
 * ended ones are kept for the next request of about their size; the trimmer
 * unmaps those that stay unwanted.
 */
#include "block_depot.h"

#include "os.h"

enum { LARGE_LOOKS = 2 };
#define LARGE_KEPT_BYTES ((size_t)64 << 20)

static size_t large_size(size_t bytes)
{
    size_t page = os_page_size(), whole;
    if (__builtin_add_overflow(bytes, sizeof(struct large) + page - 1, &whole))
        return 0;
    return whole & ~(page - 1);
}

/* The smallest idle mapping that fits without wasting over a quarter. */
static struct large *idle_take(size_t whole, bool huge)
{
    struct large **best = NULL;
    for (struct large **l = &depot.large_idle; *l; l = &(*l)->next)
        if ((*l)->huge == huge && (*l)->bytes >= whole &&
            (*l)->bytes - whole <= whole / 4 &&
            (!best || (*l)->bytes < (*best)->bytes))
            best = l;
    if (!best)
        return NULL;
    struct large *m = *best;
    *best = m->next;
    depot.large_idle_bytes -= m->bytes;
    return m;
}

/* Whether bytes more may be committed. */
static bool may_commit(size_t bytes)
{
    return !depot.limit || depot_reclaim(bytes);
}

struct block_grant large_take(size_t bytes, bool huge)
{
    struct block_grant none = {NULL, false};
    size_t whole = large_size(bytes);
    if (whole == 0)
        return none;
    pthread_mutex_lock(&depot.lock);
    struct large *m = idle_take(whole, huge);
    bool zero = m == NULL;
    if (m == NULL && may_commit(whole)) {
        m = os_map(whole, SEGMENT_BYTES);
        if (m) {
            depot.committed += whole;
            m->kind = KIND_LARGE;
            m->huge = huge;
            m->bytes = whole;
        }
    }
    if (m) {
        depot.large_taken += m->bytes;
        depot.n_large++;
    }
    pthread_mutex_unlock(&depot.lock);
    if (m == NULL)
        return none;
    if (zero && huge)
        os_wish_huge(m, whole);
    return (struct block_grant){(char *)(m + 1), zero};
}

void large_give(struct large *m)
{
    pthread_mutex_lock(&depot.lock);
    depot.large_taken -= m->bytes;
    depot.n_large--;
    bool keep = depot.large_idle_bytes + m->bytes <= LARGE_KEPT_BYTES;
    size_t bytes = m->bytes;
    if (!keep)
        depot.committed -= bytes;
    if (!keep && !os_unmap(m, bytes)) {
        keep = true;
        depot.committed += bytes;
    }
    if (keep) {
        m->aged = 0;
        m->next = depot.large_idle;
        depot.large_idle = m;
        depot.large_idle_bytes += m->bytes;
    }
    pthread_mutex_unlock(&depot.lock);
}

bool large_resize(struct large *m, size_t bytes)
{
    size_t whole = large_size(bytes);
    if (whole == 0)
        return false;
    bool done = true;
    pthread_mutex_lock(&depot.lock);
    size_t had = m->bytes;
    if (whole > had)
        done = may_commit(whole - had) && os_grow(m, had, whole);
    else if (whole < had)
        done = os_unmap((char *)m + whole, had - whole);
    if (done) {
        depot.committed += whole - had; /* wraps both ways alike */
        depot.large_taken += whole - had;
        m->bytes = whole;
    }
    pthread_mutex_unlock(&depot.lock);
    return done;
}

size_t large_reclaim(bool all)
{
    size_t given = 0;
    struct large **l = &depot.large_idle;
    while (*l) {
        struct large *m = *l, *next = m->next;
        size_t bytes = m->bytes;
        if ((!all && ++m->aged < LARGE_LOOKS) || !os_unmap(m, bytes)) {
            l = &m->next;
            continue;
        }
        *l = next;
        depot.large_idle_bytes -= bytes;
        depot.committed -= bytes;
        given += bytes;
    }
    return given;
}
