/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dlmodule.c - a shared object that uses the shared library, for the test
 * that loads and unloads it (test_threads.c). It knows the public header only.
 */
#include <pond/pond.h>

#include <string.h>

/* Uses ponds on the calling thread; 0 when all went well. */
int dlmodule_use(void);
/* Makes a pond, to be ended by dlmodule_end on any thread. */
void *dlmodule_begin(void);
int dlmodule_end(void *begun);

int dlmodule_use(void)
{
    for (int i = 0; i < 50; i++) {
        void *begun = dlmodule_begin();
        if (!begun || dlmodule_end(begun) != 0)
            return 1;
    }
    return 0;
}

void *dlmodule_begin(void)
{
    pond *root = pond_create(NULL, "module");
    if (!root)
        return NULL;
    pond *child = pond_create(root, "module child");
    char *text = child ? pond_printf(child, "%s %d", "text", 7) : NULL;
    char *large = pond_alloc(root, 300000);
    if (!text || !large) {
        pond_destroy(root);
        return NULL;
    }
    memset(large, 1, 300000);
    return root;
}

int dlmodule_end(void *begun)
{
    pond *root = begun;
    if (pond_usage_get(root).n_children != 1)
        return 1;
    pond_destroy(root);
    return 0;
}
