/* SPDX-License-Identifier: BSD-2-Clause */
/* class.c - layer 3: names of ponds, and the first block learned by name. */
#include "class.h"

#include <pthread.h>

enum {
    HASH = 512,    /* open addressing, at most half full */
    RAISE_AT = 2,  /* of the last 8 outgrew it */
    LOWER_AT = 64, /* in a row fitted half */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pond_class classes[CLASSES_MAX];
static struct pond_class other = {
    .name = "other", .length = 5, .index = CLASS_OTHER};
static uint16_t by_hash[HASH]; /* index + 1 */
static size_t n_classes;
static bool other_used;

static size_t name_length(const char *name)
{
    return strnlen(name, NAME_MAX);
}

static unsigned hash(const char *name, size_t length)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)name[i]) * 16777619u;
    return h % HASH;
}

struct pond_class *class_find(const char *name)
{
    size_t length = name_length(name);
    unsigned h = hash(name, length);
    struct pond_class *found = &other;
    pthread_mutex_lock(&lock);
    while (by_hash[h] != 0) {
        struct pond_class *c = &classes[by_hash[h] - 1];
        if (c->length == length && memcmp(c->name, name, length) == 0)
            break;
        h = (h + 1) % HASH;
    }
    if (by_hash[h] != 0) {
        found = &classes[by_hash[h] - 1];
    } else if (n_classes < CLASSES_MAX) {
        found = &classes[n_classes];
        memcpy(found->name, name, length);
        found->length = (uint16_t)length;
        found->index = (uint16_t)n_classes++;
        by_hash[h] = (uint16_t)n_classes;
    } else {
        other_used = true;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

size_t class_count(void)
{
    pthread_mutex_lock(&lock);
    size_t n = n_classes + other_used;
    pthread_mutex_unlock(&lock);
    return n;
}

struct pond_class *class_at(size_t i)
{
    return i < CLASSES_MAX ? &classes[i] : &other;
}

/* Another thread may have changed it since: then what this pond taught is
 * about a size that is no longer used. */
static void publish(struct pond_class *c, unsigned had, unsigned want)
{
    uint8_t expected = (uint8_t)had;
    __atomic_compare_exchange_n(&c->first, &expected, (uint8_t)want, false,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

void class_outgrown(struct pond_class *c, struct kept *k, unsigned first)
{
    k->fitted = 0;
    k->outgrew = (uint8_t)(k->outgrew << 1 | 1);
    if (__builtin_popcount(k->outgrew) < RAISE_AT)
        return;
    k->outgrew = 0;
    if (first < BLOCK_CLASS_64K)
        publish(c, first, first + 1);
}

void class_fitted_half(struct pond_class *c, struct kept *k, unsigned first)
{
    if (++k->fitted < LOWER_AT)
        return;
    k->fitted = 0;
    if (first > 0)
        publish(c, first, first - 1);
}

void class_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void class_fork_done(void)
{
    pthread_mutex_unlock(&lock);
}
