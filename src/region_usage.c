/* SPDX-License-Identifier: BSD-2-Clause */
/* region_usage.c - layer 3: who holds how much; derived when asked for. */
#include "debug.h"
#include "region.h"

/* Whole bytes of a list of blocks, and the tails nobody will use again. */
static void count_blocks(const struct block_head *b, pond_usage *u)
{
    for (; b; b = b->older) {
        u->n_blocks++;
        u->reserved_bytes += head_bytes(b);
        u->wasted_bytes += head_bytes(b) - (size_t)(b->fill - head_base(b));
    }
}

/* A resident's blocks have no tails: it uses them anywhere, at any time. */
static void count_resident(const struct resident *e, pond_usage *u)
{
    for (const struct block_head *b = e->blocks; b; b = b->older) {
        u->n_blocks++;
        u->reserved_bytes += head_bytes(b);
    }
    u->used_bytes += e->kind->used(e);
}

static pond_usage glimpse_usage(const void *at);

static void count_lists(const struct region *r, pond_usage *u)
{
    u->peak_bytes = r->peak > u->used_bytes ? r->peak : u->used_bytes;
    u->charged_bytes = r->flags & R_LIMIT ? r->charged : 0;
    for (const struct region *c = r->child; c; c = c->next)
        u->n_children++;
    for (const struct pond_cleanup *c = r->cleanups; c; c = c->next)
        u->n_cleanups++;
}

/* The same where debug_on: a block is a malloc. */
static pond_usage debug_usage(const struct region *r)
{
    pond_usage u = {.used_bytes = region_used(r),
                    .reserved_bytes = r->reserved,
                    .n_blocks = 1 + debug_region_objects(r)};
    for (const struct resident *e = r->residents; e; e = e->next)
        u.used_bytes += e->debug->holder.bytes;
    count_lists(r, &u);
    return u;
}

pond_usage pond_usage_get(const pond *p)
{
    if (region_visiting)
        return glimpse_usage(p);
    const struct region *r = region_of(p, "pond_usage_get");
    if (debug_on)
        return debug_usage(r);
    pond_usage u = {.used_bytes = region_used(r), .n_blocks = 1};
    u.reserved_bytes = block_bytes(r->first);
    if (r->current) {
        char *end = region_base(r) + block_bytes(r->first);
        u.wasted_bytes = (size_t)(end - r->first_fill);
    }
    count_blocks(r->blocks, &u);
    if (r->current) /* the current one is not wasted, and fill is stale */
        u.wasted_bytes -= (size_t)(r->real_end - r->current->fill);
    count_blocks(r->own, &u);
    for (const struct resident *e = r->residents; e; e = e->next)
        count_resident(e, &u);
    count_lists(r, &u);
    return u;
}

pond_usage pond_usage_tree(const pond *p)
{
    const struct region *top = region_of(p, "pond_usage_tree");
    pond_usage sum = {0};
    const struct region *x = top;
    for (;;) {
        pond_usage u = pond_usage_get(&x->head);
        sum.used_bytes += u.used_bytes;
        sum.reserved_bytes += u.reserved_bytes;
        sum.wasted_bytes += u.wasted_bytes;
        sum.peak_bytes += u.peak_bytes;
        sum.n_blocks += u.n_blocks;
        sum.n_children += u.n_children;
        sum.n_cleanups += u.n_cleanups;
        if (x->child) {
            x = x->child;
            continue;
        }
        while (x != top && x->next == NULL)
            x = x->parent;
        if (x == top)
            break;
        x = x->next;
    }
    sum.charged_bytes = top->flags & R_LIMIT ? top->charged : 0;
    return sum;
}

/* ---------------------------------------------------------- the process */

__thread bool region_visiting;

/* What a pond holds as far as it can be told without following a pointer. */
struct glimpse {
    bool alive;
    unsigned index;
    size_t used, reserved, peak;
};

/*
 * Look at the place where a handle would be. Another thread may be using the
 * block at this moment, for a pond or for anything else: the values may not
 * fit each other, but reading them does no harm. Hence not for sanitizers.
 */
__attribute__((no_sanitize("thread"), noinline)) static struct glimpse
glimpse_at(const void *at)
{
    const volatile struct region *r = at;
    struct glimpse g = {.alive = r->magic == magic_at(at, MAGIC_LIVE)};
    if (!g.alive && !region_visiting)
        return g;
    const struct block_head *current = r->current;
    const char *start = (const char *)at + sizeof(struct region);
    if (current)
        start = (const char *)current + sizeof *current;
    const char *cur = r->head.cur;
    g.index = r->index < CLASS_OTHER ? r->index : CLASS_OTHER;
    g.used = r->used_rest + (size_t)(cur - start);
    g.reserved = r->reserved;
    if (g.used > g.reserved)
        g.used = g.reserved; /* cur and current are of two moments */
    g.peak = r->peak;
    return g;
}

static pond_usage glimpse_usage(const void *at)
{
    struct glimpse g = glimpse_at(at);
    return (pond_usage){.used_bytes = g.used,
                        .reserved_bytes = g.reserved,
                        .peak_bytes = g.peak > g.used ? g.peak : g.used};
}

/* What is done at each place where a handle may be. */
struct places {
    void (*fn)(const void *at, void *arg);
    void *arg;
};

static void place_in_block(char *base, unsigned class, void *arg)
{
    const struct places *p = arg;
    p->fn(base + block_colour(base, class), p->arg);
}

static void each_place(void (*fn)(const void *at, void *arg), void *arg)
{
    struct places p = {fn, arg};
    if (debug_on)
        debug_visit(fn, arg);
    else
        block_visit(place_in_block, &p);
}

struct visit {
    void (*fn)(const pond *, void *);
    void *arg;
};

static void visit_place(const void *at, void *arg)
{
    struct visit *v = arg;
    if (glimpse_at(at).alive)
        v->fn(at, v->arg);
}

void pond_visit(void (*fn)(const pond *, void *), void *arg)
{
    struct visit v = {fn, arg};
    region_visiting = true;
    each_place(visit_place, &v);
    region_visiting = false;
}

static void count_place(const void *at, void *arg)
{
    size_t *n = arg;
    *n += glimpse_at(at).alive;
}

pond_process_usage pond_process_usage_get(void)
{
    struct thread_usage t = thread_usage_get();
    struct block_usage b = block_usage_get();
    pond_process_usage u = {
        .mapped_bytes = b.mapped,
        .thread_cache_bytes = t.cached,
        .depot_bytes = b.idle,
        .purged_bytes = b.purged,
        .header_bytes = b.header + t.record,
        .committed_bytes = b.committed,
        .limit_bytes = b.limit,
        .n_threads = t.n_threads,
        .n_classes = class_count(),
    };
    /* The two were not looked at in one moment. */
    size_t taken = b.taken > t.record ? b.taken - t.record : 0;
    if (u.thread_cache_bytes > taken)
        u.thread_cache_bytes = taken;
    u.in_use_bytes = taken - u.thread_cache_bytes;
    if (debug_on) {
        u.in_use_bytes += debug_bytes();
        u.mapped_bytes += debug_bytes();
        u.committed_bytes += debug_bytes();
    }
    each_place(count_place, &u.n_ponds);
    return u;
}

struct rows {
    pond_class_usage *row;
    size_t max;
};

static void count_class(const void *at, void *arg)
{
    struct rows *rows = arg;
    struct glimpse g = glimpse_at(at);
    if (!g.alive || g.index >= rows->max)
        return;
    rows->row[g.index].n_ponds++;
    rows->row[g.index].used_bytes += g.used;
    rows->row[g.index].reserved_bytes += g.reserved;
}

size_t pond_class_usage_get(pond_class_usage *rows, size_t max)
{
    size_t n = class_count();
    for (size_t i = 0; i < n && i < max; i++) {
        const struct pond_class *c = &classes[i];
        rows[i] = (pond_class_usage){
            .name = c->name, .first_block_bytes = block_bytes(class_first(c))};
    }
    struct rows all = {rows, n < max ? n : max};
    each_place(count_class, &all);
    return n;
}

size_t pond_trim(unsigned budget_us)
{
    thread_flush(thread_self);
    if (thread_hooks_get())
        thread_hooks_get()->trim(budget_us == UINT32_MAX);
    return block_trim(budget_us, budget_us == UINT32_MAX);
}

void pond_process_limit(size_t bytes)
{
    block_limit(bytes);
    debug_bytes_limit(bytes);
}
