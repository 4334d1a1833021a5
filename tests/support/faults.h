/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_FAULTS_H
#define POND_TEST_FAULTS_H
/*
 * faults.h - make the system refuse memory. faults.c stands in front of mmap,
 * mremap, munmap, mprotect and madvise by defining them in the program, and of
 * the malloc family where the program is linked with --wrap (malloc, calloc,
 * realloc, posix_memalign, aligned_alloc); see faults_cover_malloc.
 */
#include <stdbool.h>
#include <stddef.h>

enum faults_kind {
    FAULTS_TAKE = 1, /* mmap, mremap that grows, the malloc family */
    FAULTS_GIVE = 2, /* munmap, madvise, mprotect, mremap that shrinks */
};

/* From here on, on the calling thread only or on all: let the n-th call of
 * these kinds fail (n from 1), and with for_ever all after it too. */
void faults_arm(int kinds, size_t n, bool for_ever);
void faults_disarm(void);

size_t faults_injected(void); /* since armed */
size_t faults_calls(void);    /* of the armed kinds, since armed */
bool faults_cover_malloc(void);

#endif
