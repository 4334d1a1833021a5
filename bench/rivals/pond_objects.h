/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RIVALS_POND_OBJECTS_H
#define RIVALS_POND_OBJECTS_H
/*
 * pond_objects.h - what Pond has besides the pond itself; all of it is the
 * rival "pond".
 */
#include "../bench.h"

extern const struct round pond_fixed_rounds[];
extern const struct round pond_slab_rounds[];
extern const struct round pond_heap_rounds[];

#endif
