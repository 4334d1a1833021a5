/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POND_FUZZ_H
#define POND_FUZZ_H
/*
 * fuzz.h - what the fuzzers share. Each is a program of libFuzzer's that turns
 * bytes into calls (choice.h) and fails by abort. It says at its exit how many
 * operations it has done, that is calls of the functions under test.
 */
#include <stddef.h>
#include <stdint.h>

extern uint64_t fuzz_operations;

/* What libFuzzer calls. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
