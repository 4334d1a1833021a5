/* SPDX-License-Identifier: BSD-2-Clause */
/* class.c - layer 3: names of ponds, and the first block learned by name. */
#include "class.h"

#include <pthread.h>

enum {
    HASH = 512,   /* open addressing, at most half full */
    RISE_AT = 32, /* votes that change the first block */
    FALL_AT = 48, /* likewise */
    FEW = 64,     /* handles: at most 4 MiB of first blocks */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
struct pond_class classes[CLASSES_MAX + 1] = {
    [CLASS_OTHER] = {.name = "other", .mask = 0x3f, .index = CLASS_OTHER}};
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
    struct pond_class *found = &classes[CLASS_OTHER];
    pthread_mutex_lock(&lock);
    while (by_hash[h] != 0) {
        struct pond_class *c = &classes[by_hash[h] - 1];
        if (strncmp(c->name, name, NAME_MAX) == 0)
            break;
        h = (h + 1) % HASH;
    }
    if (by_hash[h] != 0) {
        found = &classes[by_hash[h] - 1];
    } else if (n_classes < CLASSES_MAX) {
        found = &classes[n_classes];
        memcpy(found->name, name, length);
        found->mask =
            length < NAME_SHORT ? (2u << length) - 1 : 1u << NAME_SHORT;
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

/* Another thread may have changed it since: then what this pond taught is
 * about a size that is no longer used. */
static void publish(struct pond_class *c, unsigned had, unsigned want)
{
    uint8_t expected = (uint8_t)had;
    __atomic_compare_exchange_n(&c->first, &expected, (uint8_t)want, false,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* Votes for a larger and a smaller block: what one for it counts, and what one
 * against it takes away. So, where many live, the one rises while more than
 * four in five are for it and the other while more than one in four are; they
 * lie apart, so that sizes which scatter do not make it go up and down. */
static const struct weights {
    uint8_t rise_for, rise_against, fall_for, fall_against;
} many = {2, 8, 3, 1}, few = {8, 2, 1, 12};

static uint8_t count(uint8_t votes, bool in_favour, unsigned more,
                     unsigned less)
{
    if (in_favour)
        return (uint8_t)(votes + more);
    return votes > less ? (uint8_t)(votes - less) : 0;
}

void class_vote(struct kept *k, size_t bytes)
{
    unsigned first = class_first(k->class);
    size_t handles = __atomic_load_n(&k->class->handles, __ATOMIC_RELAXED);
    const struct weights *w = handles > FEW ? &many : &few;
    bool outgrew = bytes > block_bytes(first);
    bool fitted_half = bytes <= block_bytes(first) / 2;
    k->rise = count(k->rise, outgrew, w->rise_for, w->rise_against);
    k->fall = count(k->fall, fitted_half, w->fall_for, w->fall_against);
    if (k->rise < RISE_AT && k->fall < FALL_AT)
        return;
    if (k->rise >= RISE_AT && first < BLOCK_CLASS_64K)
        publish(k->class, first, first + 1);
    else if (k->fall >= FALL_AT && first > 0)
        publish(k->class, first, first - 1);
    k->rise = k->fall = 0;
}

void class_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void class_fork_done(void)
{
    pthread_mutex_unlock(&lock);
}
