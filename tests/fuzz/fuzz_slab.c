/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_slab.c - slabs used by two threads in turn, against a list of what is
 * handed out and what it contains. Objects are made and freed in batches, as
 * magazines go; a byte says on which thread.
 */
#include "choice.h"
#include "fuzz.h"

#include <limits.h>
#include <pond/slab.h>
#include <pthread.h>
#include <semaphore.h>

enum { SLABS = 4, OBJECTS = 4096, BATCH = 256, MOST_BYTES = 8 << 20 };

struct slab {
    pond_slab *slab; /* NULL: none */
    size_t size;
    size_t live;
};

struct object {
    char *at; /* NULL: none */
    unsigned slab;
    uint64_t seed;
};

struct lot {
    struct choice choice;
    struct slab slab[SLABS];
    struct object object[OBJECTS];
    size_t bytes; /* handed out */
    /* a batch: of which slab, which objects */
    unsigned which;
    size_t from, n;
    bool freeing;
};

/* ------------------------------------------------------------- a batch */

static size_t alignment_of(size_t size)
{
    size_t rounded = test_round16(size);
    size_t alignment = rounded & (0 - rounded);
    return alignment < 4096 ? alignment : 4096;
}

static void make(struct lot *l, struct object *o)
{
    struct slab *s = &l->slab[l->which];
    o->at = pond_slab_alloc(s->slab);
    CHECK(o->at && test_aligned(o->at, alignment_of(s->size)));
    o->slab = l->which;
    o->seed = test_random_next(&l->choice.random);
    test_fill(o->at, s->size, o->seed);
    s->live++;
    l->bytes += s->size;
    fuzz_operations++;
}

static void drop(struct lot *l, struct object *o)
{
    struct slab *s = &l->slab[o->slab];
    CHECK(test_holds(o->at, s->size, o->seed));
    pond_slab_free(s->slab, o->at);
    o->at = NULL;
    s->live--;
    l->bytes -= s->size;
    fuzz_operations++;
}

static void run_batch(struct lot *l)
{
    for (size_t i = 0; i < l->n; i++) {
        struct object *o = &l->object[(l->from + i) % OBJECTS];
        if (l->freeing && o->at && o->slab == l->which)
            drop(l, o);
        else if (!l->freeing && !o->at && l->bytes < MOST_BYTES)
            make(l, o);
    }
}

/* ------------------------------------------------ the second thread */

static sem_t called, answered;
static struct lot *of_the_other;

static void *serve(void *arg)
{
    (void)arg;
    for (;;) {
        while (sem_wait(&called) != 0)
            ;
        run_batch(of_the_other);
        sem_post(&answered);
    }
    return NULL;
}

static void run_on_the_other(struct lot *l)
{
    static pthread_t thread;
    static bool there;
    if (!there) {
        CHECK(sem_init(&called, 0, 0) == 0 && sem_init(&answered, 0, 0) == 0);
        CHECK(pthread_create(&thread, NULL, serve, NULL) == 0);
        there = true;
    }
    of_the_other = l;
    sem_post(&called);
    while (sem_wait(&answered) != 0)
        ;
}

/* ------------------------------------------------------------------ steps */

static size_t below(struct lot *l, size_t n)
{
    return choice_below(&l->choice, n);
}

static void step_batch(struct lot *l)
{
    size_t kind = below(l, 16);
    l->freeing = kind & 1;
    l->from = below(l, OBJECTS / 16) * 16;
    l->n = 1 + below(l, BATCH);
    if (kind >= 14)
        run_on_the_other(l);
    else
        run_batch(l);
}

static void end_slab(struct lot *l, unsigned which)
{
    struct slab *s = &l->slab[which];
    l->which = which;
    l->freeing = true;
    l->from = 0;
    l->n = OBJECTS;
    run_batch(l);
    CHECK(s->live == 0 && pond_slab_live(s->slab) == 0);
    pond_slab_destroy(s->slab);
    fuzz_operations++;
    *s = (struct slab){0};
}

static void step(struct lot *l)
{
    l->which = (unsigned)below(l, SLABS);
    struct slab *s = &l->slab[l->which];
    if (s->slab == NULL) {
        s->size = choice_size(&l->choice, below(l, 8) ? 9 : 15);
        s->slab = pond_slab_create(s->size, "fuzzed");
        CHECK(s->slab);
        fuzz_operations++;
        return;
    }
    switch (below(l, 64)) {
    case 0:
        end_slab(l, l->which);
        break;
    case 1:
        pond_trim(below(l, 4) ? 1 : UINT_MAX);
        fuzz_operations++;
        break;
    case 2:
    case 3:
        CHECK(pond_slab_live(s->slab) == s->live);
        fuzz_operations++;
        break;
    default:
        step_batch(l);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct lot l;
    memset(&l, 0, sizeof l);
    l.choice.random.state = n;
    l.choice.bytes = bytes;
    l.choice.n_bytes = n;
    while (n > 0 && !choice_ended(&l.choice))
        step(&l);
    for (unsigned i = 0; i < SLABS; i++)
        if (l.slab[i].slab)
            end_slab(&l, i);
    CHECK(l.bytes == 0);
    return 0;
}
