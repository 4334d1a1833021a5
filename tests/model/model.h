/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_MODEL_H
#define POND_TEST_MODEL_H
/*
 * model.h - a simple reference for what ponds hold: a tree of ponds, each with
 * lists of objects, cleanups and marks in the order of their making, numbered
 * by one serial per pond. test_model.c does the same random steps to both and
 * compares.
 *
 *     model_tree.c   the reference itself, and the order of an end
 *     model_check.c  contents, usage and budgets against the reference
 *     model_ops.c    one operation, done to a pond and to the reference
 *     model_steps.c  one step: an operation and its arguments, chosen by chance
 *                    or by a fuzzer's bytes
 */
#include "choice.h"

enum {
    MODEL_PONDS = 120,     /* live at most */
    MODEL_STALE = 64,      /* stale marks that are tried again and again */
    MODEL_BYTES = 48 << 20 /* live at most, about */
};

struct model;

/* What the cleanups do besides being counted. */
enum act { ACT_NOTHING, ACT_ALLOC, ACT_DEFER, ACT_CHILD, N_ACTS };

struct object {
    char *at;
    size_t size;  /* what must be intact */
    size_t given; /* the size it was last given: less or a little more than
                     size for one that is older than the newest mark */
    uint64_t seed;
    uint64_t serial;
    uint64_t moved; /* not 0: moved away since a mark, as this serial; still
                       intact beneath that mark, and back after a rewind */
    bool frozen;    /* rewound since it was resized: not resized again */
};

struct cleanup {
    pond_cleanup *handle; /* NULL once ended */
    uint64_t serial;
    struct mpond *owner;
    int id;
    enum act act; /* what it does when it is called */
};

struct mark {
    pond_mark mark;
    uint64_t serial;
};

struct mpond {
    struct model *model;
    pond *handle;
    struct mpond *parent;
    struct mpond *youngest; /* child */
    struct mpond *older;    /* sibling */
    struct mpond *younger;
    uint64_t born; /* serial in the parent */
    uint64_t next_serial;
    size_t at; /* index in model->ponds */

    struct object *objects;
    size_t n_objects;
    size_t room_objects;
    struct cleanup **cleanups;
    size_t n_cleanups; /* with ended ones */
    size_t live_cleanups;
    size_t room_cleanups;
    struct mark *marks;
    size_t n_marks;
    size_t room_marks;

    size_t limit;
    size_t bytes; /* of live objects */
    const char *name;
    bool failed;
    bool failed_unknown; /* a mark or a cleanup may have set it */
};

struct model {
    struct choice choice;
    uint64_t seed; /* 0: nothing was left to chance */
    uint64_t step;
    struct mpond *ponds[MODEL_PONDS];
    size_t n_ponds;
    size_t bytes;
    pond_mark stale[MODEL_STALE];
    size_t n_stale;
    int next_id;
    bool quota; /* budgets are in play */
    size_t n_refused;
    uint64_t digest; /* of all steps: the same for the same seed */

    /* cleanups that must run, the next one last */
    struct cleanup **expected;
    size_t n_expected;
    size_t room_expected;
    bool ending; /* cleanups may run now */
};

/* With the seed and the step in the message. */
_Noreturn void model_failed(const struct model *m, const char *file, int line,
                            const char *what);
#define HOLDS(m, condition)                                                    \
    ((condition) ? (void)0 : model_failed(m, __FILE__, __LINE__, #condition))

/* model_tree.c */
struct mpond *model_add_pond(struct model *m, struct mpond *parent,
                             pond *handle, const char *name);
struct object *model_add_object(struct mpond *p, char *at, size_t size);
void model_drop_object(struct mpond *p, size_t i);
struct cleanup *model_add_cleanup(struct mpond *p);
void model_end_cleanup(struct cleanup *c);
void model_call(void *cleanup); /* the function given to pond_defer */
void model_add_mark(struct mpond *p, pond_mark mark);
/* What is older than the newest mark of p has a serial up to this. */
uint64_t model_marked(const struct mpond *p);
/* Call the pond function between these two: the first sets out what must run,
 * the second sees that all of it did, and forgets it. serial 0 ends all. */
void model_end_begin(struct mpond *p, uint64_t serial);
void model_end_done(struct mpond *p, uint64_t serial, bool destroyed);
void model_note_stale(struct model *m, pond_mark mark);

/* model_check.c */
void model_fill(const struct object *o);
bool model_intact(const struct object *o);
void model_check_sample(struct mpond *p);
void model_check_pond(struct mpond *p);
void model_check_usage(struct mpond *p);
void model_check_all(struct model *m);
void model_check_refusal(struct mpond *p, size_t size);
void model_check_budgets(struct mpond *p);

/* model_ops.c: each is one call of a public function. What is refused must be
 * refused for a budget, else the model fails. */
extern const char *const model_names[];
enum { MODEL_NAMES = 5, MODEL_TEXTS = 4 };
void model_alloc(struct mpond *p, size_t size);
void model_calloc(struct mpond *p, size_t size);
void model_aligned(struct mpond *p, size_t size, size_t alignment);
/* text: which function; length: of the words; width: of a number before. */
void model_text(struct mpond *p, unsigned text, size_t length, int width);
void model_realloc(struct mpond *p, size_t i, size_t size);
/* p NULL: a root. o NULL: no options. Returns NULL when that was refused. */
struct mpond *model_create(struct model *m, struct mpond *p, const char *name,
                           const pond_options *o);
void model_defer(struct mpond *p, enum act act);
void model_cancel(struct cleanup *c);
void model_run(struct cleanup *c); /* of one that does nothing but count */
void model_mark(struct mpond *p);
void model_rewind(struct mpond *p, size_t i); /* to its mark number i */
void model_refuse_mark(struct mpond *p, pond_mark mark);
void model_limit(struct mpond *p, size_t bytes);
void model_end(struct mpond *p, bool destroy);

/* model_steps.c */
struct model *model_begin(uint64_t seed, bool quota);
void model_step(struct model *m);
void model_finish(struct model *m);
void model_hand_over(struct model *m);

#endif
