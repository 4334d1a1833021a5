/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model_steps.c - one step: an operation and its arguments, chosen by chance
 * or by a fuzzer's bytes.
 */
#include "model.h"

static size_t below(struct model *m, size_t n)
{
    return choice_below(&m->choice, n);
}

static struct mpond *any_pond(struct model *m)
{
    return m->ponds[below(m, m->n_ponds)];
}

/* Mostly small; now and then beyond each of the block sizes; now and then just
 * what is left of the block, or a little more. */
static size_t any_size(struct model *m, const pond *p)
{
    size_t room = (size_t)(p->end - p->cur);
    switch (below(m, 64)) {
    case 0:
        return 0;
    case 1:
    case 2:
        return room < 100000 ? room : 16;
    case 3:
        return room < 100000 ? room + 1 + below(m, 32) : 16;
    case 4:
        return below(m, 20000);
    case 5:
        return below(m, 24) ? below(m, 3000) : below(m, 400000);
    case 6:
        return below(m, 200) ? 4000 : below(m, 6 << 20);
    case 7:
    case 8:
    case 9:
        return below(m, 2500);
    default:
        return 1 + below(m, 160);
    }
}

static void step_alloc(struct mpond *p)
{
    model_alloc(p, any_size(p->model, p->handle));
}

static void step_calloc(struct mpond *p)
{
    model_calloc(p, any_size(p->model, p->handle));
}

static void step_aligned(struct mpond *p)
{
    struct model *m = p->model;
    size_t size = any_size(m, p->handle);
    model_aligned(p, size, (size_t)1 << below(m, below(m, 50) ? 9 : 21));
}

static void step_text(struct mpond *p)
{
    struct model *m = p->model;
    size_t length = below(m, 43);
    int width = (int)(below(m, 100) ? below(m, 300) : below(m, 20000));
    model_text(p, (unsigned)below(m, MODEL_TEXTS), length, width);
}

static void step_realloc(struct mpond *p)
{
    struct model *m = p->model;
    if (p->n_objects == 0)
        return;
    /* often the last one, which may grow in place */
    size_t i = below(m, 3) ? below(m, p->n_objects) : p->n_objects - 1;
    size_t old = p->objects[i].size;
    size_t size =
        below(m, 4) ? any_size(m, p->handle) : old + below(m, old + 32);
    model_realloc(p, i, size);
}

static void step_create(struct mpond *p)
{
    struct model *m = p->model;
    if (m->n_ponds >= MODEL_PONDS - 1)
        return;
    struct mpond *parent = below(m, 4) ? p : NULL;
    const char *name = model_names[below(m, MODEL_NAMES)];
    if (below(m, 3)) {
        model_create(m, parent, name, NULL);
        return;
    }
    pond_options o = {.size = sizeof o,
                      .first_block_bytes = (size_t)512 << below(m, 8),
                      .clear_on_end = below(m, 4) == 0};
    model_create(m, parent, name, &o);
}

static void step_defer(struct mpond *p)
{
    struct model *m = p->model;
    model_defer(p, below(m, 6) ? ACT_NOTHING : (enum act)below(m, N_ACTS));
}

static void step_cancel_or_run(struct mpond *p)
{
    struct model *m = p->model;
    if (p->live_cleanups == 0)
        return;
    struct cleanup *c = p->cleanups[below(m, p->n_cleanups)];
    if (!c->handle)
        return;
    if (below(m, 3) || c->act != ACT_NOTHING)
        model_cancel(c);
    else
        model_run(c);
}

static void step_mark(struct mpond *p)
{
    if (p->n_marks <= 40)
        model_mark(p);
}

static void step_rewind(struct mpond *p)
{
    struct model *m = p->model;
    if (p->n_marks > 0)
        model_rewind(p, below(m, 3) ? p->n_marks - 1 : below(m, p->n_marks));
}

static void step_stale(struct mpond *p)
{
    struct model *m = p->model;
    if (m->n_stale > 0)
        model_refuse_mark(p, m->stale[below(m, m->n_stale)]);
    struct mpond *other = any_pond(m);
    if (other != p && other->n_marks > 0)
        model_refuse_mark(p, other->marks[0].mark);
}

static void step_limit(struct mpond *p)
{
    struct model *m = p->model;
    if (!m->quota)
        return;
    size_t bytes = 0;
    if (below(m, 3)) {
        size_t held = pond_usage_tree(p->handle).reserved_bytes;
        bytes = held + below(m, below(m, 4) ? 200000 : 20000000) + 1;
    }
    model_limit(p, bytes);
    model_check_budgets(p);
}

static void end_pond(struct mpond *p, bool destroy)
{
    if (below(p->model, 4) == 0)
        model_check_pond(p);
    model_end(p, destroy);
}

/* An end takes a leaf more often than a whole tree. */
static void step_end(struct mpond *p)
{
    struct model *m = p->model;
    if (p->youngest && below(m, 6))
        p = p->youngest;
    end_pond(p, below(m, 3) != 0);
}

static void step_look(struct mpond *p)
{
    model_check_usage(p);
    model_check_budgets(p);
    if (below(p->model, 8) == 0)
        model_check_pond(p);
}

struct step {
    unsigned weight;
    void (*take)(struct mpond *);
};

/* Out of 256: one byte of a fuzzer's. */
static const struct step steps[] = {
    {141, step_alloc}, {15, step_calloc},       {8, step_aligned},
    {15, step_text},   {18, step_realloc},      {10, step_create},
    {13, step_defer},  {8, step_cancel_or_run}, {7, step_mark},
    {6, step_rewind},  {4, step_stale},         {2, step_limit},
    {4, step_end},     {5, step_look},
};

void model_step(struct model *m)
{
    if (m->n_ponds == 0)
        model_create(m, NULL, model_names[0], NULL);
    struct mpond *p = any_pond(m);
    if (m->bytes > MODEL_BYTES || p->n_objects > 20000) {
        end_pond(p, true);
        m->step++;
        return;
    }
    size_t pick = below(m, 256);
    for (size_t i = 0;; i++) {
        if (pick < steps[i].weight) {
            model_check_sample(p);
            steps[i].take(p);
            break;
        }
        pick -= steps[i].weight;
    }
    m->step++;
}

struct model *model_begin(uint64_t seed, bool quota)
{
    struct model *m = calloc(1, sizeof *m);
    CHECK(m);
    m->seed = seed;
    m->choice.random.state = seed;
    m->quota = quota;
    m->room_expected = 64;
    m->expected = calloc(m->room_expected, sizeof(struct cleanup *));
    CHECK(m->expected);
    return m;
}

/* Every root to whoever comes next. */
void model_hand_over(struct model *m)
{
    for (size_t i = 0; i < m->n_ponds; i++)
        if (!m->ponds[i]->parent)
            pond_hand_over(m->ponds[i]->handle);
}

void model_finish(struct model *m)
{
    model_check_all(m);
    while (m->n_ponds > 0) {
        struct mpond *p = m->ponds[0];
        while (p->parent)
            p = p->parent;
        model_end(p, true);
    }
    HOLDS(m, m->bytes == 0);
    free(m->expected);
    free(m);
}
