/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os_checker.c - layer 1: is a memory checker watching this process?
 *
 * AddressSanitizer is found by its own symbols, weak here, so that the same
 * library file works in programs with and without it. Valgrind is asked by the
 * instructions that it takes for a question and that a CPU runs without effect
 * (Valgrind manual, "The Client Request mechanism").
 */
#include "os.h"

extern void __asan_init(void) __attribute__((weak));
extern void __asan_loadN(void *at, long bytes) __attribute__((weak));

enum { RUNNING_ON_VALGRIND = 0x1001 };

static bool valgrind(void)
{
    uintptr_t request[6] = {RUNNING_ON_VALGRIND, 0, 0, 0, 0, 0};
#if defined(__x86_64__)
    uintptr_t answer = 0;
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi\n\t"
                     "rolq $61, %%rdi; rolq $51, %%rdi\n\t"
                     "xchgq %%rbx, %%rbx"
                     : "+d"(answer)
                     : "a"(request)
                     : "cc", "memory");
    return answer != 0;
#elif defined(__aarch64__)
    register uintptr_t answer __asm__("x3") = 0;
    register uintptr_t *question __asm__("x4") = request;
    __asm__ volatile("ror x12, x12, #3; ror x12, x12, #13\n\t"
                     "ror x12, x12, #51; ror x12, x12, #61\n\t"
                     "orr x10, x10, x10"
                     : "+r"(answer)
                     : "r"(question)
                     : "cc", "memory");
    return answer != 0;
#else
    (void)request;
    return false;
#endif
}

enum os_checker os_checker(void)
{
    if (__asan_init)
        return OS_CHECKER_ASAN;
    return valgrind() ? OS_CHECKER_VALGRIND : OS_CHECKER_NONE;
}

void os_checker_touch(const void *ptr, size_t bytes)
{
    if (__asan_loadN)
        __asan_loadN((void *)(uintptr_t)ptr, (long)bytes);
    if (os_checker() == OS_CHECKER_VALGRIND)
        (void)*(const volatile char *)ptr;
}
