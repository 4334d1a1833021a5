/* SPDX-License-Identifier: BSD-2-Clause */
/* region_usage.c - layer 3: who holds how much; derived when asked for. */
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

pond_usage pond_usage_get(const pond *p)
{
    const struct region *r = region_of(p, "pond_usage_get");
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
        count_blocks(e->blocks, &u);
    u.peak_bytes = r->peak > u.used_bytes ? r->peak : u.used_bytes;
    u.charged_bytes = r->flags & R_LIMIT ? r->charged : 0;
    for (const struct region *c = r->child; c; c = c->next)
        u.n_children++;
    for (const struct pond_cleanup *c = r->cleanups; c; c = c->next)
        u.n_cleanups++;
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

struct visit {
    void (*fn)(const pond *, void *);
    void *arg;
};

/* A block whose place for a handle holds a live one is a pond's first. */
static void visit_block(char *base, unsigned class, void *arg)
{
    struct visit *v = arg;
    if (class > BLOCK_CLASS_64K && class != BLOCK_RUN)
        return;
    void *at = base + block_colour(base, class);
    const struct region *r = at;
    if (region_alive(r))
        v->fn(&r->head, v->arg);
}

void pond_visit(void (*fn)(const pond *, void *), void *arg)
{
    struct visit v = {fn, arg};
    block_visit(visit_block, &v);
}

static void count_pond(const pond *p, void *arg)
{
    (void)p;
    ++*(size_t *)arg;
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
    pond_visit(count_pond, &u.n_ponds);
    return u;
}

struct rows {
    pond_class_usage *row;
    size_t max;
};

static void count_class(const pond *p, void *arg)
{
    struct rows *rows = arg;
    const struct region *r = (const struct region *)(const void *)p;
    if (r->index >= rows->max)
        return;
    pond_usage u = pond_usage_get(p);
    pond_class_usage *row = &rows->row[r->index];
    row->n_ponds++;
    row->used_bytes += u.used_bytes;
    row->reserved_bytes += u.reserved_bytes;
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
    pond_visit(count_class, &all);
    return n;
}

size_t pond_trim(unsigned budget_us)
{
    thread_flush(thread_self);
    return block_trim(budget_us, budget_us == UINT32_MAX);
}

void pond_process_limit(size_t bytes)
{
    block_limit(bytes);
}
