/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhaust_region.c - the alphabet of a region, done to a pond and to the
 * reference of tests/model.
 */
#include "exhaustive.h"
#include "model/model.h"

struct world {
    struct model *model;
    struct mpond *here; /* whom the next operation is for */
};

static void *begin(void)
{
    static struct world w;
    w.model = model_begin(0, true);
    w.here = model_create(w.model, NULL, model_names[0], NULL);
    return &w;
}

static uint64_t end(void *world)
{
    struct world *w = world;
    uint64_t operations = w->model->step;
    model_finish(w->model);
    CHECK(pond_process_usage_get().n_ponds == 0);
    return operations;
}

/* After each operation. */
static void compare(struct world *w)
{
    w->model->step++;
    model_check_pond(w->here);
    model_check_budgets(w->here);
}

static void alloc(struct world *w, size_t size)
{
    model_alloc(w->here, size);
    compare(w);
}

static void alloc_small(void *w)
{
    alloc(w, 24);
}

/* Just what is left of the block, so that the next one needs another. */
static void alloc_rest(void *world)
{
    struct world *w = world;
    const pond *p = w->here->handle;
    size_t room = (size_t)(p->end - p->cur);
    alloc(w, room > 0 && room < 100000 ? room : 400);
}

static void alloc_large(void *w)
{
    alloc(w, 20000);
}

static void calloc_some(void *world)
{
    struct world *w = world;
    model_calloc(w->here, 99);
    compare(w);
}

static void aligned(void *world)
{
    struct world *w = world;
    model_aligned(w->here, 100, 256);
    compare(w);
}

static void resize(struct world *w, size_t i, size_t size)
{
    if (w->here->n_objects > i)
        model_realloc(w->here, i, size);
    compare(w);
}

static void grow_last(void *world)
{
    struct world *w = world;
    size_t n = w->here->n_objects;
    if (n > 0)
        resize(w, n - 1, w->here->objects[n - 1].size + 100);
}

static void shrink_last(void *world)
{
    struct world *w = world;
    size_t n = w->here->n_objects;
    if (n > 0)
        resize(w, n - 1, w->here->objects[n - 1].size / 3);
}

static void double_first(void *world)
{
    struct world *w = world;
    if (w->here->n_objects > 0)
        resize(w, 0, w->here->objects[0].size * 2);
}

static void child(void *world)
{
    struct world *w = world;
    struct mpond *made = model_create(w->model, w->here, model_names[1], NULL);
    w->here = made ? made : w->here;
    compare(w);
}

static void up(void *world)
{
    struct world *w = world;
    if (w->here->parent)
        w->here = w->here->parent;
}

static void mark(void *world)
{
    struct world *w = world;
    model_mark(w->here);
    compare(w);
}

static void rewind_newest(void *world)
{
    struct world *w = world;
    if (w->here->n_marks > 0)
        model_rewind(w->here, w->here->n_marks - 1);
    compare(w);
}

static void rewind_oldest(void *world)
{
    struct world *w = world;
    if (w->here->n_marks > 0)
        model_rewind(w->here, 0);
    compare(w);
}

static void stale(void *world)
{
    struct world *w = world;
    if (w->model->n_stale > 0)
        model_refuse_mark(w->here, w->model->stale[w->model->n_stale - 1]);
    compare(w);
}

static void defer(void *world)
{
    struct world *w = world;
    model_defer(w->here, ACT_NOTHING);
    compare(w);
}

/* It allocates, and registers another one, when it runs. */
static void defer_work(void *world)
{
    struct world *w = world;
    model_defer(w->here, ACT_DEFER);
    compare(w);
}

static void cancel_newest(void *world)
{
    struct world *w = world;
    for (size_t i = w->here->n_cleanups; i-- > 0;) {
        if (!w->here->cleanups[i]->handle)
            continue;
        model_cancel(w->here->cleanups[i]);
        break;
    }
    compare(w);
}

static void run_oldest(void *world)
{
    struct world *w = world;
    for (size_t i = 0; i < w->here->n_cleanups; i++) {
        struct cleanup *c = w->here->cleanups[i];
        if (!c->handle || c->act != ACT_NOTHING)
            continue;
        model_run(c);
        break;
    }
    compare(w);
}

static void reset(void *world)
{
    struct world *w = world;
    model_end(w->here, false);
    compare(w);
}

static void destroy(void *world)
{
    struct world *w = world;
    struct mpond *parent = w->here->parent;
    model_end(w->here, true);
    w->here =
        parent ? parent : model_create(w->model, NULL, model_names[0], NULL);
    compare(w);
}

static void limit(struct world *w, size_t room)
{
    size_t held = pond_usage_tree(w->here->handle).reserved_bytes;
    model_limit(w->here, room ? held + room : 0);
    compare(w);
}

static void limit_near(void *w)
{
    limit(w, 700);
}

static void limit_none(void *w)
{
    limit(w, 0);
}

static const struct letter letters[] = {
    {"alloc small", alloc_small},
    {"alloc rest", alloc_rest},
    {"alloc large", alloc_large},
    {"calloc", calloc_some},
    {"alloc aligned", aligned},
    {"grow last", grow_last},
    {"shrink last", shrink_last},
    {"double first", double_first},
    {"child", child},
    {"up", up},
    {"mark", mark},
    {"rewind newest", rewind_newest},
    {"rewind oldest", rewind_oldest},
    {"stale mark", stale},
    {"defer", defer},
    {"defer work", defer_work},
    {"cancel newest", cancel_newest},
    {"run oldest", run_oldest},
    {"reset", reset},
    {"destroy", destroy},
    {"limit near", limit_near},
    {"limit none", limit_none},
};

const struct alphabet exhaustive_region = {"region", letters, COUNT(letters),
                                           begin, end};
