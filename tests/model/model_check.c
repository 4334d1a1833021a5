/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model_check.c - contents, usage and budgets against the reference. Large
 * objects are written and looked at in parts only, at both ends above all.
 */
#include "model.h"

enum { whole = 512, edge = 64, stride = 4096 };

void model_fill(const struct object *o)
{
    if (o->size <= whole) {
        test_fill(o->at, o->size, o->seed);
        return;
    }
    test_fill(o->at, edge, o->seed);
    test_fill(o->at + o->size - edge, edge, o->seed + 1);
    for (size_t i = stride; i + edge + 8 < o->size; i += stride)
        test_fill(o->at + i, 8, o->seed + i);
}

bool model_intact(const struct object *o)
{
    if (o->size <= whole)
        return test_holds(o->at, o->size, o->seed);
    if (!test_holds(o->at, edge, o->seed) ||
        !test_holds(o->at + o->size - edge, edge, o->seed + 1))
        return false;
    for (size_t i = stride; i + edge + 8 < o->size; i += stride)
        if (!test_holds(o->at + i, 8, o->seed + i))
            return false;
    return true;
}

void model_check_sample(struct mpond *p)
{
    if (p->n_objects == 0)
        return;
    size_t i = test_random_below(&p->model->choice.random, p->n_objects);
    HOLDS(p->model, model_intact(&p->objects[i]));
}

void model_check_usage(struct mpond *p)
{
    struct model *m = p->model;
    pond_usage u = pond_usage_get(p->handle);
    HOLDS(m, u.used_bytes >= p->bytes);
    HOLDS(m, u.used_bytes + u.wasted_bytes <= u.reserved_bytes);
    HOLDS(m, u.peak_bytes >= u.used_bytes);
    HOLDS(m, u.n_cleanups == p->live_cleanups);
    size_t children = 0;
    for (struct mpond *c = p->youngest; c; c = c->older)
        children++;
    HOLDS(m, u.n_children == children);
    HOLDS(m, !p->limit || u.charged_bytes >= u.used_bytes);
    HOLDS(m, p->limit || u.charged_bytes == 0);
    HOLDS(m, strcmp(pond_name(p->handle), p->name) == 0);
    HOLDS(m, pond_parent(p->handle) == (p->parent ? p->parent->handle : NULL));
    if (!p->failed_unknown)
        HOLDS(m, pond_failed(p->handle) == p->failed);
}

void model_check_pond(struct mpond *p)
{
    for (size_t i = 0; i < p->n_objects; i++)
        HOLDS(p->model, model_intact(&p->objects[i]));
    model_check_usage(p);
}

void model_check_all(struct model *m)
{
    size_t bytes = 0;
    for (size_t i = 0; i < m->n_ponds; i++) {
        model_check_pond(m->ponds[i]);
        model_check_budgets(m->ponds[i]);
        bytes += m->ponds[i]->bytes;
    }
    HOLDS(m, bytes == m->bytes);
}

/* Nobody above its limit, from p up to the root. */
void model_check_budgets(struct mpond *p)
{
    for (; p; p = p->parent) {
        if (p->limit == 0)
            continue;
        size_t charged = pond_usage_get(p->handle).charged_bytes;
        HOLDS(p->model, charged <= p->limit);
    }
}

/* A refusal in p is right when some limit above it is so near that another
 * block for `size` bytes does not fit: blocks grow to 1 MiB, and a large
 * object takes whole slices or pages. */
void model_check_refusal(struct mpond *p, size_t size)
{
    struct model *m = p->model;
    size_t need =
        size <= 8192 ? test_round16(size) + 1024 : size + size / 8 + 256 * KIB;
    m->n_refused++;
    for (struct mpond *q = p; q; q = q->parent) {
        if (q->limit == 0)
            continue;
        size_t charged = pond_usage_get(q->handle).charged_bytes;
        if (charged + need > q->limit)
            return;
    }
    model_failed(m, __FILE__, __LINE__, "a refusal is due to a limit");
}
