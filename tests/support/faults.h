/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_TEST_FAULTS_H
#define POND_TEST_FAULTS_H
/*
 * faults.h - make the system refuse memory. A program that uses it is linked
 * with the linker's --wrap for each of: mmap mmap64 mremap munmap mprotect
 * madvise malloc calloc realloc posix_memalign aligned_alloc and the calls of
 * FAULTS_ONCE. So only the
 * calls of this program and of the static library are stood in for, not those
 * of a sanitizer.
 */
#include <stdbool.h>
#include <stddef.h>

enum faults_kind {
    FAULTS_TAKE = 1, /* mmap, mremap that grows, the malloc family */
    FAULTS_GIVE = 2, /* munmap, madvise, mprotect, mremap that shrinks */
    /* What a process or a thread asks for once: pthread_key_create,
     * pthread_setspecific, pthread_atfork, getrandom. */
    FAULTS_ONCE = 4,
};

/* From here on, on the calling thread only or on all: let the n-th call of
 * these kinds fail (n from 1), and with for_ever all after it too. */
void faults_arm(int kinds, size_t n, bool for_ever);
void faults_disarm(void);

/* Since armed, with those by which the system itself refused memory. */
size_t faults_injected(void);
size_t faults_calls(void);  /* of the armed kinds, since armed */
bool faults_possible(void); /* whether it was linked so */

#endif
