/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cleanup.c - more than memory: what must be closed, removed or told when a
 * lifetime ends.
 *
 *     cc cleanup.c $(pkg-config --cflags --libs pond)
 *
 * Defer first, then acquire: when pond_defer fails there is nothing to undo.
 */
#include <pond/pond.h>
#include <stdio.h>

struct upload {
    FILE *file;
    const char *name;
};

static void upload_close(void *arg)
{
    struct upload *u = arg;
    if (u->file != NULL) {
        fclose(u->file);
        printf("closed %s\n", u->name);
    }
}

static struct upload *upload_open(pond *p, const char *name)
{
    struct upload *u = pond_calloc(p, 1, sizeof *u);
    if (u == NULL || pond_defer(p, upload_close, u) == NULL)
        return NULL;
    u->name = pond_strdup(p, name);
    u->file = tmpfile();
    return u->name != NULL && u->file != NULL ? u : NULL;
}

static void say(void *arg)
{
    puts(arg);
}

int main(void)
{
    pond *request = pond_create(NULL, "request");
    if (request == NULL)
        return 1;

    struct upload *first = upload_open(request, "first");
    struct upload *second = upload_open(request, "second");
    if (first == NULL || second == NULL)
        return 1;
    fputs("some bytes", first->file);

    /* Something to undo only if we do not get to the end ... */
    static char undo[] = "undone";
    pond_cleanup *rollback = pond_defer(request, say, undo);
    /* ... and something that may also happen early, but once. */
    static char flushed[] = "flushed";
    pond_cleanup *flush = pond_defer(request, say, flushed);
    if (rollback == NULL || flush == NULL)
        return 1;
    pond_cleanup_run(flush);
    pond_cleanup_cancel(rollback);

    puts("the request ends");
    pond_destroy(request); /* newest first */
    return 0;
}

/* Prints:
flushed
the request ends
closed second
closed first
*/
