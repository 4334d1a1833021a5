/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model_ops.c - one operation, done to a pond and to the reference, which then
 * are compared. What to do, and how large, is for the caller to say.
 */
#include "model.h"

#include <errno.h>

const char *const model_names[MODEL_NAMES] = {
    "model a", "model b", "model c", "model d", "a model with a longer name"};

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

void model_alloc(struct mpond *p, size_t size)
{
    took(p, pond_alloc(p->handle, size), size, 16);
}

void model_calloc(struct mpond *p, size_t size)
{
    char *at = size % 3 ? pond_calloc(p->handle, 1, size)
                        : pond_calloc(p->handle, size / 3, 3);
    HOLDS(p->model, !at || test_is_zero(at, size));
    took(p, at, size, 16);
}

void model_aligned(struct mpond *p, size_t size, size_t alignment)
{
    took(p, pond_alloc_aligned(p->handle, size, alignment), size, alignment);
}

void model_text(struct mpond *p, unsigned text, size_t length, int width)
{
    static const char letters[] = "the letters that all text here is cut from";
    struct model *m = p->model;
    char *at;
    length %= sizeof letters;
    size_t size = length + 1;
    switch (text) {
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

void model_realloc(struct mpond *p, size_t i, size_t size)
{
    struct model *m = p->model;
    struct object old = p->objects[i];
    if (old.moved || old.frozen)
        return;
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

struct mpond *model_create(struct model *m, struct mpond *p, const char *name,
                           const pond_options *o)
{
    pond *in = p ? p->handle : NULL;
    pond *made = o ? pond_create_with(in, name, o) : pond_create(in, name);
    if (made)
        return model_add_pond(m, p, made, name);
    HOLDS(m, m->quota && p);
    p->failed = true;
    model_check_refusal(p, 65536);
    return NULL;
}

void model_defer(struct mpond *p, enum act act)
{
    struct model *m = p->model;
    struct cleanup *c = model_add_cleanup(p);
    c->act = act;
    c->handle = pond_defer(p->handle, model_call, c);
    if (c->handle)
        return;
    HOLDS(m, m->quota);
    p->failed = true;
    model_check_refusal(p, 64);
    p->live_cleanups--;
    free(p->cleanups[--p->n_cleanups]);
}

void model_cancel(struct cleanup *c)
{
    pond_cleanup_cancel(c->handle);
    model_end_cleanup(c);
}

void model_run(struct cleanup *c)
{
    struct mpond *p = c->owner;
    struct model *m = p->model;
    m->expected[0] = c; /* the array is there from the beginning */
    m->n_expected = 1;
    m->ending = true;
    bool unknown = p->failed_unknown;
    pond_cleanup_run(c->handle);
    p->failed_unknown = unknown;
    m->ending = false;
    HOLDS(m, m->n_expected == 0);
    model_end_cleanup(c);
}

void model_mark(struct mpond *p)
{
    pond_mark mark = pond_mark_take(p->handle);
    if (mark.life != 0) {
        model_add_mark(p, mark);
        return;
    }
    HOLDS(p->model, p->model->quota);
    model_check_refusal(p, 64);
    p->failed_unknown = true;
    model_refuse_mark(p, mark);
}

void model_refuse_mark(struct mpond *p, pond_mark mark)
{
    HOLDS(p->model, pond_rewind(p->handle, mark) == -EINVAL);
}

void model_rewind(struct mpond *p, size_t i)
{
    struct model *m = p->model;
    struct mark mark = p->marks[i];
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

void model_limit(struct mpond *p, size_t bytes)
{
    pond_limit(p->handle, bytes);
    p->limit = bytes;
}

void model_end(struct mpond *p, bool destroy)
{
    struct model *m = p->model;
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
