/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * soak.c - random traffic of all kinds on many threads, for long: regions,
 * fixed pools and heaps against their models, objects of slabs that travel
 * between threads, threads that end and are replaced. Each second a line tells
 * what is resident, so that growth is seen.
 *
 *     soak [ROUNDS [THREADS]]
 *
 * A round is one turn of each thread, from an empty model to its end.
 */
#include "model/model.h"
#include "pools/pools.h"

#include <inttypes.h>
#include <limits.h>
#include <pond/slab.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MOST = 256, STEPS = 20000, SHARED = 512 };

static pond_slab *slab;
static char *shared[SHARED]; /* objects of the slab, whoever made them */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t operations, rounds_done;
static unsigned long rounds = 200, n_threads = 8;
static bool all_done;

static void add(uint64_t *to, uint64_t n)
{
    __atomic_fetch_add(to, n, __ATOMIC_RELAXED);
}

static void regions(uint64_t seed)
{
    struct model *m = model_begin(seed, seed & 1);
    for (size_t i = 0; i < STEPS; i++)
        model_step(m);
    add(&operations, m->step);
    model_finish(m);
}

static void pools(uint64_t seed)
{
    struct pools *m = pools_begin(seed, POOLS_BOTH);
    for (size_t i = 0; i < STEPS / 50; i++)
        pools_step(m);
    add(&operations, m->n_operations);
    pools_finish(m);
}

/* One of ours for one of somebody's. */
static void objects(uint64_t seed)
{
    test_random r = {seed};
    for (size_t i = 0; i < STEPS; i++) {
        char *mine = pond_slab_alloc(slab);
        CHECK(mine);
        test_fill(mine, 200, 1);
        size_t k = test_random_below(&r, SHARED);
        CHECK(pthread_mutex_lock(&lock) == 0);
        char *theirs = shared[k];
        shared[k] = mine;
        CHECK(pthread_mutex_unlock(&lock) == 0);
        CHECK(!theirs || test_holds(theirs, 200, 1));
        pond_slab_free(slab, theirs);
    }
    add(&operations, 2 * STEPS);
}

/* A thread of its own for each turn: its caches go to the next. */
static void *turn(void *arg)
{
    uint64_t seed = (uint64_t)(uintptr_t)arg;
    switch (seed % 4) {
    case 0:
    case 1:
        regions(seed);
        break;
    case 2:
        pools(seed);
        break;
    default:
        objects(seed);
    }
    pond_trim(seed % 8 ? 100 : UINT_MAX);
    return NULL;
}

static void *work(void *arg)
{
    uint64_t number = (uint64_t)(uintptr_t)arg;
    for (uint64_t i = 0; i < rounds; i++) {
        pthread_t thread;
        void *seed = (void *)(uintptr_t)(1 + number + i * 1001);
        CHECK(pthread_create(&thread, NULL, turn, seed) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        add(&rounds_done, 1);
    }
    return NULL;
}

static void *tell(void *arg)
{
    (void)arg;
    puts(" second        rounds     operations   RSS MiB  in use MiB");
    for (unsigned second = 1; !__atomic_load_n(&all_done, __ATOMIC_ACQUIRE);
         second++) {
        sleep(1);
        double in_use = (double)pond_process_usage_get().in_use_bytes;
        printf("%7u %13" PRIu64 " %14" PRIu64 " %9.1f %11.1f\n", second,
               __atomic_load_n(&rounds_done, __ATOMIC_RELAXED) / n_threads,
               __atomic_load_n(&operations, __ATOMIC_RELAXED),
               (double)test_resident() / (double)MIB, in_use / (double)MIB);
        fflush(stdout);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : rounds;
    n_threads = argc > 2 ? strtoul(argv[2], NULL, 10) : n_threads;
    if (rounds == 0 || n_threads == 0 || n_threads > THREADS_MOST) {
        fprintf(stderr, "usage: soak [ROUNDS [THREADS]]\n");
        return 2;
    }
    static pthread_t thread[THREADS_MOST];
    pthread_t teller;
    slab = pond_slab_create(200, "soak");
    CHECK(slab && pthread_create(&teller, NULL, tell, NULL) == 0);
    for (uintptr_t i = 0; i < n_threads; i++)
        CHECK(pthread_create(&thread[i], NULL, work, (void *)i) == 0);
    for (size_t i = 0; i < n_threads; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    __atomic_store_n(&all_done, true, __ATOMIC_RELEASE);
    CHECK(pthread_join(teller, NULL) == 0);
    for (size_t k = 0; k < SHARED; k++)
        pond_slab_free(slab, shared[k]);
    CHECK(pond_slab_live(slab) == 0);
    pond_slab_destroy(slab);
    CHECK(pond_process_usage_get().n_ponds == 0);
    pond_trim(UINT_MAX);
    printf("%lu rounds on %lu threads, %" PRIu64 " operations; nothing is left "
           "but %.1f MiB resident\n",
           rounds, n_threads, operations,
           (double)test_resident() / (double)MIB);
    return 0;
}
