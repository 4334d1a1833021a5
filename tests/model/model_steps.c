/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model_steps.c - one random step, done to a pond and to the reference.
 */
#include "model.h"

#include <errno.h>

static const char *const names[] = {"model a", "model b", "model c", "model d",
                                    "a model with a longer name"};

static size_t below(struct model *m, size_t n)
{
    return test_random_below(&m->random, n);
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

/* Note what came of a request: an object, or a refusal that must be due. */
static struct object *took(struct mpond *p, void *at, size_t size,
                           size_t alignment)
{
    struct model *m = p->model;
    if (!at) {
        p->failed = true;
        HOLDS(m, m->quota);
        model_check_refusal(p, size + (alignment > 16 ? alignment : 0));
        return NULL;
    }
    HOLDS(m, test_aligned(at, alignment > 16 ? alignment : 16));
    struct object *o = model_add_object(p, at, size);
    model_fill(o);
    return o;
}

static void step_alloc(struct mpond *p)
{
    size_t size = any_size(p->model, p->handle);
    took(p, pond_alloc(p->handle, size), size, 16);
}

static void step_calloc(struct mpond *p)
{
    size_t size = any_size(p->model, p->handle);
    char *at = size % 3 ? pond_calloc(p->handle, 1, size)
                        : pond_calloc(p->handle, size / 3, 3);
    HOLDS(p->model, !at || test_is_zero(at, size));
    took(p, at, size, 16);
}

static void step_aligned(struct mpond *p)
{
    struct model *m = p->model;
    size_t size = any_size(m, p->handle);
    size_t alignment = (size_t)1 << below(m, below(m, 50) ? 9 : 21);
    took(p, pond_alloc_aligned(p->handle, size, alignment), size, alignment);
}

static void step_text(struct mpond *p)
{
    static const char letters[] = "the letters that all text here is cut from";
    struct model *m = p->model;
    size_t length = below(m, sizeof letters);
    int width = (int)(below(m, 100) ? below(m, 300) : below(m, 20000));
    char *at;
    size_t size = length + 1;
    switch (below(m, 4)) {
    case 0:
        at = pond_strdup(p->handle, letters);
        size = sizeof letters;
        HOLDS(m, !at || strcmp(at, letters) == 0);
        break;
    case 1:
        at = pond_strndup(p->handle, letters, length);
        HOLDS(m, !at || (strlen(at) == length &&
                         memcmp(at, letters, length) == 0));
        break;
    case 2:
        at = pond_memdup(p->handle, letters, length);
        size = length;
        HOLDS(m, !at || memcmp(at, letters, length) == 0);
        break;
    default:
        at = pond_printf(p->handle, "%*d%.*s", width, 5, (int)length, letters);
        size = (size_t)(width < 1 ? 1 : width) + length + 1;
        HOLDS(m, !at || strlen(at) == size - 1);
        HOLDS(m, !at || memcmp(at + size - 1 - length, letters, length) == 0);
    }
    took(p, at, size, 16);
}

/* The first bytes of what o held are at `at`. */
static bool kept(const struct object *o, const char *at, size_t size)
{
    size_t n = o->size < o->given ? o->size : o->given;
    n = n < size ? n : size;
    if (n <= 512 && o->size <= 512)
        return test_holds(at, n / 8 * 8, o->seed);
    return n < 64 || o->size <= 512 || test_holds(at, 64, o->seed);
}

static void step_realloc(struct mpond *p)
{
    struct model *m = p->model;
    if (p->n_objects == 0)
        return;
    /* often the last one, which may grow in place */
    size_t i = below(m, 3) ? below(m, p->n_objects) : p->n_objects - 1;
    struct object old = p->objects[i];
    if (old.moved || old.frozen)
        return;
    size_t size = below(m, 4) ? any_size(m, p->handle)
                              : old.size + below(m, old.size + 32);
    HOLDS(m, model_intact(&old));
    char *at = pond_realloc(p->handle, old.at, old.given, size);
    if (!at) {
        HOLDS(m, model_intact(&old));
        took(p, NULL, size, 16);
        return;
    }
    HOLDS(m, kept(&old, at, size));
    bool marked = old.serial <= model_marked(p);
    if (at == old.at) {
        struct object *o = &p->objects[i];
        o->given = size;
        if (marked) { /* only within what it has; a rewind may come */
            HOLDS(m, test_round16(size) <= test_round16(old.size));
            return;
        }
        p->bytes += size - old.size;
        m->bytes += size - old.size;
        o->size = size;
        model_fill(o);
        return;
    }
    if (marked)
        p->objects[i].moved = p->next_serial; /* what it gets just below */
    else
        model_drop_object(p, i);
    took(p, at, size, 16);
}

static void step_create(struct mpond *p)
{
    struct model *m = p->model;
    if (m->n_ponds >= MODEL_PONDS - 1)
        return;
    bool root = below(m, 4) == 0;
    struct mpond *parent = root ? NULL : p;
    const char *name = names[below(m, COUNT(names))];
    pond *in = parent ? parent->handle : NULL;
    pond *made;
    if (below(m, 3)) {
        made = pond_create(in, name);
    } else {
        pond_options o = {.size = sizeof o,
                          .first_block_bytes = (size_t)512 << below(m, 8),
                          .clear_on_end = below(m, 4) == 0};
        made = pond_create_with(in, name, &o);
    }
    if (made) {
        model_add_pond(m, parent, made, name);
        return;
    }
    HOLDS(m, m->quota && parent);
    p->failed = true;
    model_check_refusal(p, 65536);
}

static void step_defer(struct mpond *p)
{
    struct model *m = p->model;
    struct cleanup *c = model_add_cleanup(p);
    c->act = below(m, 6) ? ACT_NOTHING : (int)below(m, N_ACTS);
    c->handle = pond_defer(p->handle, model_call, c);
    if (c->handle)
        return;
    HOLDS(m, m->quota);
    p->failed = true;
    model_check_refusal(p, 64);
    p->live_cleanups--;
    free(p->cleanups[--p->n_cleanups]);
}

static void step_cancel_or_run(struct mpond *p)
{
    struct model *m = p->model;
    if (p->live_cleanups == 0)
        return;
    struct cleanup *c = p->cleanups[below(m, p->n_cleanups)];
    if (!c->handle)
        return;
    pond_cleanup *handle = c->handle;
    if (below(m, 3) || c->act != ACT_NOTHING) {
        pond_cleanup_cancel(handle);
    } else {
        m->expected[0] = c; /* the array is there since the first end */
        m->n_expected = 1;
        m->ending = true;
        bool unknown = p->failed_unknown;
        pond_cleanup_run(handle);
        p->failed_unknown = unknown;
        m->ending = false;
        HOLDS(m, m->n_expected == 0);
    }
    model_end_cleanup(c);
}

static void step_mark(struct mpond *p)
{
    if (p->n_marks > 40)
        return;
    pond_mark mark = pond_mark_take(p->handle);
    if (mark.life != 0) {
        model_add_mark(p, mark);
        return;
    }
    HOLDS(p->model, p->model->quota);
    model_check_refusal(p, 64);
    p->failed_unknown = true;
    HOLDS(p->model, pond_rewind(p->handle, mark) == -EINVAL);
}

static void step_rewind(struct mpond *p)
{
    struct model *m = p->model;
    if (p->n_marks == 0)
        return;
    size_t back = below(m, 3) ? p->n_marks - 1 : below(m, p->n_marks);
    struct mark mark = p->marks[back];
    bool failed = p->failed;
    bool unknown = p->failed_unknown;
    model_end_begin(p, mark.serial);
    bool none = m->n_expected == 0;
    HOLDS(m, pond_rewind(p->handle, mark.mark) == 0);
    model_end_done(p, mark.serial, false);
    if (none) {
        p->failed = failed;
        p->failed_unknown = unknown;
    }
}

static void step_stale(struct mpond *p)
{
    struct model *m = p->model;
    if (m->n_stale > 0) {
        pond_mark stale = m->stale[below(m, m->n_stale)];
        HOLDS(m, pond_rewind(p->handle, stale) == -EINVAL);
    }
    struct mpond *other = any_pond(m);
    if (other != p && other->n_marks > 0)
        HOLDS(m, pond_rewind(p->handle, other->marks[0].mark) == -EINVAL);
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
    pond_limit(p->handle, bytes);
    p->limit = bytes;
    model_check_budgets(p);
}

static void end_pond(struct mpond *p, bool destroy)
{
    struct model *m = p->model;
    if (below(m, 4) == 0)
        model_check_pond(p);
    model_end_begin(p, 0);
    if (destroy)
        pond_destroy(p->handle);
    else
        pond_reset(p->handle);
    model_end_done(p, 0, destroy);
    if (!destroy) {
        p->failed = false;
        p->failed_unknown = false;
        HOLDS(m, !pond_failed(p->handle));
        model_check_usage(p);
    }
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

struct choice {
    unsigned weight;
    void (*step)(struct mpond *);
};

/* Out of 1000. */
static const struct choice choices[] = {
    {550, step_alloc}, {60, step_calloc},        {30, step_aligned},
    {60, step_text},   {70, step_realloc},       {40, step_create},
    {50, step_defer},  {30, step_cancel_or_run}, {28, step_mark},
    {22, step_rewind}, {14, step_stale},         {6, step_limit},
    {20, step_end},    {20, step_look},
};

void model_step(struct model *m)
{
    if (m->n_ponds == 0)
        model_add_pond(m, NULL, test_pond(NULL, names[0]), names[0]);
    struct mpond *p = any_pond(m);
    if (m->bytes > MODEL_BYTES || p->n_objects > 20000) {
        end_pond(p, true);
        m->step++;
        return;
    }
    size_t pick = below(m, 1000);
    for (size_t i = 0;; i++) {
        if (pick < choices[i].weight) {
            model_check_sample(p);
            choices[i].step(p);
            break;
        }
        pick -= choices[i].weight;
    }
    m->step++;
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
        end_pond(p, true);
    }
    HOLDS(m, m->bytes == 0);
    free(m->expected);
    m->expected = NULL;
    m->room_expected = 0;
}
