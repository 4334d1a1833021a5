/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threads - 100,000 threads that come and go, four at a time. Each has a pond
 * with a heap and a fixed pool in it, and objects of two slabs, and ends them
 * all, but that half of the objects are left for the next thread to free. RSS
 * at the end over RSS after the first thousand.
 */
enum { THREADS = 100000, THREADS_FIRST = 1000, AT_ONCE = 4, OF_EACH = 40 };

static struct {
    store *small, *large;
    void *passed[AT_ONCE][OF_EACH];
} threads;

static void threads_work(pond *p)
{
    pond_heap *heap = must(pond_heap_create(p));
    pond_fixed *fixed = must(pond_fixed_create(p, OBJECT_BYTES));

    for (unsigned i = 0; i < OF_EACH; i++) {
        size_t size = request_sizes[0][i];
        void *object = must(pond_heap_alloc(heap, size));
        object_write(object, size);
        if (i % 2)
            pond_heap_free(heap, object);
        object_write(must(pond_fixed_alloc(fixed)), OBJECT_BYTES);
        object_write(must(pond_alloc(p, size)), size);
    }
}

static void *thread_run(void *arg)
{
    void **passed = arg;
    pond *p = must(pond_create(NULL, "thread"));

    threads_work(p);
    for (unsigned i = 0; i < OF_EACH; i++) {
        store *s = i % 2 ? threads.small : threads.large;
        size_t size = i % 2 ? OBJECT_BYTES : 1024;
        store_free(s, passed[i]);
        passed[i] = must(store_alloc(s, size));
        object_write(passed[i], size);
        void *own = must(store_alloc(s, size));
        object_write(own, size);
        store_free(s, own);
    }
    pond_destroy(p);
    return NULL;
}

static void threads_come_and_go(unsigned n)
{
    pthread_t thread[AT_ONCE];

    for (unsigned i = 0; i < n; i += AT_ONCE) {
        for (unsigned j = 0; j < AT_ONCE; j++)
            if (pthread_create(&thread[j], NULL, thread_run,
                               threads.passed[j]) != 0)
                die("cannot start a thread");
        for (unsigned j = 0; j < AT_ONCE; j++)
            pthread_join(thread[j], NULL);
    }
}

static void threads_run(void)
{
    unsigned n = bench_smoke ? THREADS / 25 : THREADS;

    threads.small = store_begin(OBJECT_BYTES);
    threads.large = store_begin(1024);
    threads_come_and_go(THREADS_FIRST);
    size_t rss_before = rss_bytes();
    uint64_t start = clock_wall_ns();
    threads_come_and_go(n - THREADS_FIRST);
    double us = (double)(clock_wall_ns() - start) / 1000;
    figure_print("grown_kib",
                 ((double)rss_bytes() - (double)rss_before) / 1024);
    figure_print("rss_mb", (double)rss_bytes() / 1e6);
    figure_print("us", us / (n - THREADS_FIRST));
}
