/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model_tree.c - the reference: what each pond holds, and in what order it
 * must end.
 */
#include "model.h"

_Noreturn void model_failed(const struct model *m, const char *file, int line,
                            const char *what)
{
    unsigned long long seed = m->seed, step = m->step;
    fprintf(stderr, "%s:%d: at step %llu does not hold: %s\n", file, line, step,
            what);
    if (seed)
        fprintf(stderr, "again with: test_model --seed %llu --ops %llu\n", seed,
                step + 1);
    abort();
}

/* Room for one more in an array that grows by doubling. */
static void *make_room(void *array, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return array;
    *room = *room ? *room * 2 : 8;
    array = realloc(array, *room * size);
    CHECK(array);
    return array;
}

struct mpond *model_add_pond(struct model *m, struct mpond *parent,
                             pond *handle, const char *name)
{
    struct mpond *p = calloc(1, sizeof *p);
    CHECK(p && m->n_ponds < MODEL_PONDS);
    p->model = m;
    p->handle = handle;
    p->parent = parent;
    p->name = name;
    p->next_serial = 1;
    p->at = m->n_ponds;
    m->ponds[m->n_ponds++] = p;
    if (parent) {
        p->born = parent->next_serial++;
        p->older = parent->youngest;
        if (p->older)
            p->older->younger = p;
        parent->youngest = p;
    }
    return p;
}

static void unlink_pond(struct mpond *p)
{
    if (p->younger)
        p->younger->older = p->older;
    else if (p->parent)
        p->parent->youngest = p->older;
    if (p->older)
        p->older->younger = p->younger;
}

struct object *model_add_object(struct mpond *p, char *at, size_t size)
{
    p->objects = make_room(p->objects, p->n_objects, &p->room_objects,
                           sizeof *p->objects);
    struct object *o = &p->objects[p->n_objects++];
    uint64_t serial = p->next_serial++;
    *o = (struct object){.at = at,
                         .size = size,
                         .given = size,
                         .seed = serial * 0x9e3779b97f4a7c15u + p->at,
                         .serial = serial};
    p->bytes += size;
    p->model->bytes += size;
    return o;
}

void model_drop_object(struct mpond *p, size_t i)
{
    p->bytes -= p->objects[i].size;
    p->model->bytes -= p->objects[i].size;
    p->n_objects--;
    memmove(&p->objects[i], &p->objects[i + 1],
            (p->n_objects - i) * sizeof *p->objects);
}

struct cleanup *model_add_cleanup(struct mpond *p)
{
    p->cleanups = make_room(p->cleanups, p->n_cleanups, &p->room_cleanups,
                            sizeof(struct cleanup *));
    struct cleanup *c = calloc(1, sizeof *c);
    CHECK(c);
    c->owner = p;
    c->id = p->model->next_id++;
    c->serial = p->next_serial++;
    p->cleanups[p->n_cleanups++] = c;
    p->live_cleanups++;
    return c;
}

/* Ended ones are swept when they are half of all. */
void model_end_cleanup(struct cleanup *c)
{
    struct mpond *p = c->owner;
    c->handle = NULL;
    p->live_cleanups--;
    if (p->n_cleanups < 16 || p->live_cleanups * 2 > p->n_cleanups)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < p->n_cleanups; i++) {
        if (p->cleanups[i]->handle)
            p->cleanups[kept++] = p->cleanups[i];
        else
            free(p->cleanups[i]);
    }
    p->n_cleanups = kept;
}

void model_add_mark(struct mpond *p, pond_mark mark)
{
    p->marks =
        make_room(p->marks, p->n_marks, &p->room_marks, sizeof *p->marks);
    p->marks[p->n_marks++] = (struct mark){mark, p->next_serial++};
}

uint64_t model_marked(const struct mpond *p)
{
    return p->n_marks ? p->marks[p->n_marks - 1].serial : 0;
}

void model_note_stale(struct model *m, pond_mark mark)
{
    size_t i = m->n_stale < MODEL_STALE
                   ? m->n_stale++
                   : test_random_below(&m->choice.random, MODEL_STALE);
    m->stale[i] = mark;
}

/* ---------------------------------------------------------------- an end */

static void expect(struct model *m, struct cleanup *c)
{
    m->expected = make_room(m->expected, m->n_expected, &m->room_expected,
                            sizeof(struct cleanup *));
    m->expected[m->n_expected++] = c;
}

/* Pushed in reverse: own cleanups oldest first, then children oldest first. */
static void expect_all(struct mpond *p, uint64_t serial)
{
    for (size_t i = 0; i < p->n_cleanups; i++)
        if (p->cleanups[i]->handle && p->cleanups[i]->serial > serial)
            expect(p->model, p->cleanups[i]);
    struct mpond *child = p->youngest;
    while (child && child->older)
        child = child->older;
    for (; child; child = child->younger)
        if (child->born > serial)
            expect_all(child, 0);
}

void model_end_begin(struct mpond *p, uint64_t serial)
{
    struct model *m = p->model;
    HOLDS(m, m->n_expected == 0);
    expect_all(p, serial);
    m->ending = true;
}

static void free_lists(struct mpond *p)
{
    for (size_t i = 0; i < p->n_cleanups; i++)
        free(p->cleanups[i]);
    free(p->cleanups);
    free(p->objects);
    free(p->marks);
}

static void forget(struct mpond *p)
{
    struct model *m = p->model;
    while (p->youngest)
        forget(p->youngest);
    unlink_pond(p);
    m->bytes -= p->bytes;
    for (size_t i = 0; i < p->n_marks; i++)
        if (i % 4 == 0)
            model_note_stale(m, p->marks[i].mark);
    m->ponds[p->at] = m->ponds[--m->n_ponds];
    m->ponds[p->at]->at = p->at;
    free_lists(p);
    free(p);
}

static void forget_marks(struct mpond *p, uint64_t serial)
{
    while (p->n_marks > 0 && p->marks[p->n_marks - 1].serial > serial) {
        pond_mark gone = p->marks[--p->n_marks].mark;
        /* a mark on nothing new is the same as the one before it */
        if (p->n_marks == 0 ||
            p->marks[p->n_marks - 1].mark.serial != gone.serial)
            model_note_stale(p->model, gone);
    }
}

/* What was moved or resized since is as it was at the mark. */
static void restore_objects(struct mpond *p, uint64_t serial)
{
    for (size_t i = 0; i < p->n_objects; i++) {
        struct object *o = &p->objects[i];
        if (o->moved > serial)
            o->moved = 0;
        if (o->given != o->size)
            o->frozen = true;
    }
}

void model_end_done(struct mpond *p, uint64_t serial, bool destroyed)
{
    struct model *m = p->model;
    m->ending = false;
    HOLDS(m, m->n_expected == 0); /* all of them ran */
    if (destroyed) {
        forget(p);
        return;
    }
    while (p->youngest && p->youngest->born > serial)
        forget(p->youngest);
    while (p->n_objects > 0 && p->objects[p->n_objects - 1].serial > serial)
        model_drop_object(p, p->n_objects - 1);
    while (p->n_cleanups > 0 && p->cleanups[p->n_cleanups - 1]->serial > serial)
        free(p->cleanups[--p->n_cleanups]);
    p->live_cleanups = 0;
    for (size_t i = 0; i < p->n_cleanups; i++)
        p->live_cleanups += p->cleanups[i]->handle != NULL;
    restore_objects(p, serial);
    forget_marks(p, serial);
}

/* ------------------------------------------------------ cleanups that work */

/* One that a cleanup registers while its pond dies; it belongs to no list and
 * is the next to run. */
static void register_late(struct mpond *p, pond *in)
{
    struct model *m = p->model;
    struct cleanup *late = calloc(1, sizeof *late);
    CHECK(late);
    late->owner = p;
    late->id = -1; /* freed when it has run */
    late->handle = pond_defer(in, model_call, late);
    HOLDS(m, late->handle || m->quota);
    if (late->handle)
        expect(m, late);
    else
        free(late);
}

static void work(struct cleanup *c)
{
    struct mpond *p = c->owner;
    struct model *m = p->model;
    pond *late;
    char *at;
    switch (c->act) {
    case ACT_ALLOC:
        at = pond_alloc(p->handle, 100 + (size_t)c->id % 3000);
        HOLDS(m, at || m->quota);
        if (at)
            memset(at, 0xdd, 100 + (size_t)c->id % 3000);
        break;
    case ACT_DEFER:
        register_late(p, p->handle);
        break;
    case ACT_CHILD:
        late = pond_create(p->handle, "model late");
        HOLDS(m, late || m->quota);
        if (late)
            register_late(p, late);
        break;
    default:
        break;
    }
}

void model_call(void *arg)
{
    struct cleanup *c = arg;
    struct model *m = c->owner->model;
    HOLDS(m, m->ending);
    HOLDS(m, m->n_expected > 0);
    HOLDS(m, m->expected[m->n_expected - 1] == c); /* the order */
    m->n_expected--;
    struct mpond *p = c->owner;
    p->failed_unknown = true;
    /* the memory is still there: one old object is looked at */
    if (p->n_objects > 0)
        HOLDS(m, model_intact(&p->objects[(size_t)c->serial % p->n_objects]));
    m->digest = m->digest * 31 + (uint64_t)c->id;
    work(c);
    if (c->id < 0)
        free(c);
    else
        c->handle = NULL;
}
