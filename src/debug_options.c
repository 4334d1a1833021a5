/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_options.c - layer 3: whether and how this process is debugged. Read
 * once from the environment, POND_DEBUG=WORD,WORD...
 */
#define _GNU_SOURCE
#include "debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool debug_on;
struct debug_options debug_options;

static const char help[] =
    "pond: POND_DEBUG is a list of words with commas between them:\n"
    "  malloc      every object and handle is a malloc of its own; on by\n"
    "              itself under AddressSanitizer and Valgrind, and with any\n"
    "              word below\n"
    "  redzone     128 bytes around each object, looked at when it ends\n"
    "  poison      fill objects with 0xa5 when they begin, 0xf5 when they end\n"
    "  quarantine  do not reuse what has ended for a while (the last 64 MiB);\n"
    "              then look whether it was written to, also at exit\n"
    "  caller      say where objects were allocated and ended, and where the\n"
    "              call is that noticed something, for addr2line\n"
    "  owner       a tree of ponds belongs to the thread that first used it,\n"
    "              until pond_hand_over\n"
    "  integrity   look at a whole pond at every call (slow)\n"
    "  fail=N      refuse the Nth allocation\n"
    "  fail=1/N    refuse one allocation in N, at random\n"
    "  all         redzone, poison, quarantine, caller, owner, integrity\n"
    "  off         none of it, not even under a checker\n"
    "  help        this text\n"
    "Under AddressSanitizer and Valgrind those do the work of redzone, poison\n"
    "and quarantine. docs/debugging.md tells more.\n";

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static const struct flag {
    const char *word;
    size_t offset;
} flags[] = {
    {"redzone", offsetof(struct debug_options, redzone)},
    {"poison", offsetof(struct debug_options, poison)},
    {"quarantine", offsetof(struct debug_options, quarantine)},
    {"caller", offsetof(struct debug_options, caller)},
    {"owner", offsetof(struct debug_options, owner)},
    {"integrity", offsetof(struct debug_options, integrity)},
};
enum { FLAGS = sizeof flags / sizeof flags[0] };

static void set_flag(size_t i)
{
    *((char *)&debug_options + flags[i].offset) = true;
}

/* fail=N or fail=1/N */
static bool read_fail(const char *text)
{
    unsigned long *what = &debug_options.fail_at;
    char *end;
    if (strncmp(text, "1/", 2) == 0) {
        text += 2;
        what = &debug_options.fail_one_in;
    }
    if (*text < '1' || *text > '9')
        return false;
    *what = strtoul(text, &end, 10);
    return *end == '\0';
}

/* One word; false: it means nothing. */
static bool read_word(const char *word, bool *off)
{
    for (size_t i = 0; i < FLAGS; i++)
        if (strcmp(word, flags[i].word) == 0) {
            set_flag(i);
            return true;
        }
    if (strcmp(word, "all") == 0) {
        for (size_t i = 0; i < FLAGS; i++)
            set_flag(i);
        return true;
    }
    if (strncmp(word, "fail=", 5) == 0)
        return read_fail(word + 5);
    if (strcmp(word, "off") == 0)
        return *off = true;
    if (strcmp(word, "help") == 0) {
        say(help);
        return true;
    }
    return strcmp(word, "malloc") == 0;
}

static void read_words(const char *text, bool *off)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        char word[32], line[128];
        snprintf(word, sizeof word, "%.*s", (int)(n < 31 ? n : 31), text);
        if (n > 0 && !read_word(word, off)) {
            snprintf(line, sizeof line,
                     "pond: POND_DEBUG: \"%s\" means nothing; try "
                     "POND_DEBUG=help\n",
                     word);
            say(line);
        }
        text += n;
        text += *text == ',';
    }
}

static void at_exit(void)
{
    debug_note("exit", NULL);
    debug_quarantine_check();
}

void debug_set_up(void)
{
    const char *text = secure_getenv("POND_DEBUG");
    bool off = false;
    debug_options.checker = os_checker();
    debug_on = debug_options.checker != OS_CHECKER_NONE;
    if (text && *text && strcmp(text, "help") != 0)
        debug_on = true;
    if (text)
        read_words(text, &off);
    if (off)
        debug_on = false;
    if (debug_options.checker != OS_CHECKER_NONE)
        debug_options.redzone = debug_options.poison =
            debug_options.quarantine = false;
    if (debug_on && debug_options.quarantine)
        (void)atexit(at_exit);
}
