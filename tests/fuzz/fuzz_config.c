/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_config.c - bytes as a configuration file. Whatever they are, it is read
 * or refused with words; nothing that it names is opened.
 */
#define _GNU_SOURCE 1
#include "fuzz.h"
#include "support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "config_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static int fd = -1;
    static char name[40];
    if (fd < 0) {
        fd = memfd_create("config", MFD_CLOEXEC);
        CHECK(fd >= 0);
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    }
    CHECK(ftruncate(fd, 0) == 0);
    CHECK(pwrite(fd, bytes, n, 0) == (ssize_t)n);
    struct config *c = config_create();
    CHECK(c);
    const char *why = config_read(c, name);
    CHECK(!why || *why);
    config_destroy(c);
    CHECK(pond_process_usage_get().n_ponds == 0);
    fuzz_operations++;
    return 0;
}
