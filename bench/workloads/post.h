/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * post - the blog post's own test: 1000 rounds of 5000 allocations of 1000
 * bytes, with malloc and free against memory_poll.h, which is all of Pond
 * that it knows. The two alternate every hundred rounds; the times are CPU
 * times, as clock() gave them to the post.
 */
enum { POST_ROUNDS = 1000, POST_TURN = 100, POST_OBJECTS = 5000 };

static ROUND_FUNCTION void post_malloc_round(void)
{
    static void *object[POST_OBJECTS];

    for (int i = 0; i < POST_OBJECTS; i++) {
        object[i] = malloc(1000);
        object_escape(object[i]);
    }
    for (int i = 0; i < POST_OBJECTS; i++)
        free(object[i]);
}

static ROUND_FUNCTION void post_pool_round(void)
{
    memory_poll_init();
    for (int i = 0; i < POST_OBJECTS; i++)
        object_escape(memory_malloc(1000));
    memory_poll_free();
}

static uint64_t post_turn(void (*round)(void), int rounds)
{
    uint64_t start = clock_thread_ns();

    for (int i = 0; i < rounds; i++)
        round();
    return clock_thread_ns() - start;
}

static void post_run(void)
{
    int turn = bench_smoke ? POST_TURN / 20 : POST_TURN;
    uint64_t malloc_ns = 0, pool_ns = 0;

    post_turn(post_malloc_round, 1);
    post_turn(post_pool_round, 1);
    for (int i = 0; i < POST_ROUNDS / POST_TURN; i++) {
        malloc_ns += post_turn(post_malloc_round, turn);
        pool_ns += post_turn(post_pool_round, turn);
    }
    figure_print("malloc_seconds", (double)malloc_ns / 1e9);
    figure_print("pool_seconds", (double)pool_ns / 1e9);
    figure_print("ratio", (double)malloc_ns / (double)pool_ns);
}
