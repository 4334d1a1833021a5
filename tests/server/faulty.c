/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faulty.c - pondserve_faults: the server, whose system calls (by the linker's
 * --wrap) and whose ponds (by faulty.h) fail when test_faults.py wants them
 * to. The two share a page, the file that POND_FAULTS_PAGE names. Without it
 * nothing ever fails. The server has one thread, so nothing here is locked.
 */
#define _GNU_SOURCE 1
#include "faulty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MODE_OFF, MODE_FAIL, MODE_INTERRUPT, MODE_SHORT };

/* Which calls are counted and may fail; bits of page.kinds. */
enum { POOL = 1, MEMORY = 2, FILES = 4, SOCKETS = 8, LOOP = 16 };

enum { CALLS = 40 };

/* Known to test_faults.py, too. */
struct page {
    uint32_t mode;
    uint32_t kinds;
    uint32_t for_ever;
    int32_t error; /* 0: what is usual for the call */
    uint64_t at;   /* the call that fails, from 1; with for_ever all after */
    uint64_t calls;
    uint64_t injected;
    uint64_t rounds;  /* of the event loop */
    uint64_t n_ponds; /* at the beginning of the last round */
    uint64_t skew_ms; /* by which the clock is ahead */
    uint64_t trim;    /* give all idle memory back, once a round */
    struct {
        char name[16];
        uint64_t calls, injected;
    } by_call[CALLS];
};

extern long __real_syscall(long, ...);

static struct page *page_get(void)
{
    static struct page none, *page;

    if (page)
        return page;
    page = &none;
    const char *path = getenv("POND_FAULTS_PAGE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    long at = fd < 0
                  ? -1
                  : __real_syscall(SYS_mmap, NULL, sizeof(none),
                                   PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (path && at == -1)
        abort();
    if (at != -1)
        page = (struct page *)at;
    if (fd >= 0)
        close(fd);
    return page;
}

static void count_call(struct page *p, const char *name, bool injected)
{
    int i = 0;

    while (i < CALLS - 1 && p->by_call[i].name[0] &&
           strcmp(p->by_call[i].name, name) != 0)
        i++;
    strncpy(p->by_call[i].name, name, sizeof(p->by_call[i].name) - 1);
    p->by_call[i].calls++;
    p->by_call[i].injected += injected;
}

static bool is_due(int kind, const char *name)
{
    struct page *p = page_get();

    if (!(p->kinds & (uint32_t)kind))
        return false;
    uint64_t n = ++p->calls;
    bool due = n == p->at || (p->for_ever && n > p->at);
    /* The same call again is let through, or there would be no end. */
    if (p->mode != MODE_FAIL && p->for_ever && n > p->at)
        due = (n - p->at) % 2 == 0;
    p->injected += due;
    count_call(p, name, due);
    return due;
}

/* Whether the call is to fail; with which error is in errno then. */
static bool fails(int kind, const char *name, int usual)
{
    const struct page *p = page_get();

    if (p->mode != MODE_FAIL || !is_due(kind, name))
        return false;
    errno = p->error ? p->error : usual;
    return true;
}

/* The same for one that a signal may interrupt. */
static bool breaks(int kind, const char *name, int usual)
{
    if (page_get()->mode != MODE_INTERRUPT)
        return fails(kind, name, usual);
    if (!is_due(kind, name))
        return false;
    errno = EINTR;
    return true;
}

/* How much of n bytes may go through. */
static size_t some_of(int kind, const char *name, size_t n)
{
    if (page_get()->mode != MODE_SHORT || n < 2 || !is_due(kind, name))
        return n;
    return n / 2;
}

/* ------------------------------------------------------------------ ponds */

pond *faulty_create(pond *parent, const char *name)
{
    return fails(POOL, "pond_create", ENOMEM) ? NULL
                                              : pond_create(parent, name);
}

pond *faulty_create_with(pond *parent, const char *name, const pond_options *o)
{
    return fails(POOL, "pond_create", ENOMEM)
               ? NULL
               : pond_create_with(parent, name, o);
}

void *faulty_alloc(pond *p, size_t size)
{
    return fails(POOL, "pond_alloc", ENOMEM) ? NULL : pond_alloc(p, size);
}

void *faulty_new(pond *p, size_t count, size_t size, size_t alignment)
{
    return fails(POOL, "pond_new", ENOMEM)
               ? NULL
               : pond_new_(p, count, size, alignment);
}

void *faulty_calloc(pond *p, size_t count, size_t size)
{
    return fails(POOL, "pond_calloc", ENOMEM) ? NULL
                                              : pond_calloc(p, count, size);
}

void *faulty_realloc(pond *p, void *at, size_t had, size_t size)
{
    return fails(POOL, "pond_realloc", ENOMEM) ? NULL
                                               : pond_realloc(p, at, had, size);
}

void *faulty_memdup(pond *p, const void *from, size_t size)
{
    return fails(POOL, "pond_memdup", ENOMEM) ? NULL
                                              : pond_memdup(p, from, size);
}

char *faulty_strdup(pond *p, const char *s)
{
    return fails(POOL, "pond_strdup", ENOMEM) ? NULL : pond_strdup(p, s);
}

char *faulty_strndup(pond *p, const char *s, size_t most)
{
    return fails(POOL, "pond_strndup", ENOMEM) ? NULL
                                               : pond_strndup(p, s, most);
}

char *faulty_vprintf(pond *p, const char *format, va_list args)
{
    return fails(POOL, "pond_printf", ENOMEM) ? NULL
                                              : pond_vprintf(p, format, args);
}

char *faulty_printf(pond *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *s = faulty_vprintf(p, format, args);
    va_end(args);
    return s;
}

pond_cleanup *faulty_defer(pond *p, void (*fn)(void *), void *arg)
{
    return fails(POOL, "pond_defer", ENOMEM) ? NULL : pond_defer(p, fn, arg);
}

/* ----------------------------------------------------------- system calls */

/* STAND_IN(RESULT, NAME, (PARAMETERS), (ARGUMENTS), WHETHER, WHAT THEN) */
#define STAND_IN(type, name, parameters, arguments, condition, instead)        \
    extern type __real_##name parameters;                                      \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return (condition) ? (instead) : __real_##name arguments;              \
    }

STAND_IN(void *, mmap,
         (void *at, size_t n, int protection, int flags, int fd, off_t offset),
         (at, n, protection, flags, fd, offset), fails(MEMORY, "mmap", ENOMEM),
         MAP_FAILED)
STAND_IN(int, munmap, (void *at, size_t n), (at, n),
         fails(MEMORY, "munmap", ENOMEM), -1)
STAND_IN(int, madvise, (void *at, size_t n, int advice), (at, n, advice),
         fails(MEMORY, "madvise", ENOMEM), -1)
/* Only under AddressSanitizer, where every object is one of these. */
STAND_IN(void *, malloc, (size_t n), (n), fails(MEMORY, "malloc", ENOMEM), NULL)
STAND_IN(void *, calloc, (size_t count, size_t n), (count, n),
         fails(MEMORY, "calloc", ENOMEM), NULL)
STAND_IN(int, posix_memalign, (void **at, size_t alignment, size_t n),
         (at, alignment, n), fails(MEMORY, "posix_memalign", ENOMEM), ENOMEM)
STAND_IN(int, fstat, (int fd, struct stat *st), (fd, st),
         fails(FILES, "fstat", EIO), -1)
STAND_IN(ssize_t, pread, (int fd, void *to, size_t n, off_t offset),
         (fd, to, some_of(FILES, "pread", n), offset),
         breaks(FILES, "pread", EIO), -1)
STAND_IN(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n),
         breaks(FILES, "read", EIO), -1)
STAND_IN(ssize_t, write, (int fd, const void *from, size_t n),
         (fd, from, some_of(FILES, "write", n)), breaks(FILES, "write", ENOSPC),
         -1)
STAND_IN(int, accept4, (int fd, struct sockaddr *at, socklen_t *n, int flags),
         (fd, at, n, flags), breaks(SOCKETS, "accept4", EMFILE), -1)
/* Never less than there is: from that the server knows a socket as empty. */
STAND_IN(ssize_t, recv, (int fd, void *to, size_t n, int flags),
         (fd, to, n, flags), breaks(SOCKETS, "recv", ECONNRESET), -1)
STAND_IN(ssize_t, send, (int fd, const void *from, size_t n, int flags),
         (fd, from, n, flags), breaks(SOCKETS, "send", EPIPE), -1)
STAND_IN(ssize_t, sendfile, (int to, int from, off_t *offset, size_t n),
         (to, from, offset, some_of(SOCKETS, "sendfile", n)),
         breaks(SOCKETS, "sendfile", EIO), -1)
STAND_IN(int, shutdown, (int fd, int how), (fd, how),
         fails(SOCKETS, "shutdown", ENOTCONN), -1)
STAND_IN(int, epoll_create1, (int flags), (flags),
         fails(LOOP, "epoll_create1", EMFILE), -1)
STAND_IN(int, epoll_ctl, (int epoll, int op, int fd, struct epoll_event *event),
         (epoll, op, fd, event), fails(LOOP, "epoll_ctl", ENOMEM), -1)
STAND_IN(int, signalfd, (int fd, const sigset_t *set, int flags),
         (fd, set, flags), fails(LOOP, "signalfd", EMFILE), -1)
STAND_IN(int, poll, (struct pollfd * all, nfds_t n, int timeout),
         (all, n, timeout), breaks(LOOP, "poll", ENOMEM), -1)
STAND_IN(int, socket, (int domain, int type, int protocol),
         (domain, type, protocol), fails(SOCKETS, "socket", EMFILE), -1)
STAND_IN(int, bind, (int fd, const struct sockaddr *at, socklen_t n),
         (fd, at, n), fails(SOCKETS, "bind", EADDRINUSE), -1)
STAND_IN(int, listen, (int fd, int backlog), (fd, backlog),
         fails(SOCKETS, "listen", EADDRINUSE), -1)
STAND_IN(FILE *, fopen, (const char *path, const char *how), (path, how),
         fails(FILES, "fopen", ENFILE), NULL)
STAND_IN(char *, realpath, (const char *path, char *to), (path, to),
         fails(FILES, "realpath", ENOMEM), NULL)
STAND_IN(int, getaddrinfo,
         (const char *node, const char *service, const struct addrinfo *hints,
          struct addrinfo **found),
         (node, service, hints, found), fails(SOCKETS, "getaddrinfo", ENOMEM),
         EAI_MEMORY)

extern ssize_t __real_sendmsg(int, const struct msghdr *, int);
ssize_t __wrap_sendmsg(int, const struct msghdr *, int);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct msghdr less = *message;
    struct iovec first = message->msg_iov[0];

    if (breaks(SOCKETS, "sendmsg", ECONNRESET))
        return -1;
    size_t n = some_of(SOCKETS, "sendmsg", first.iov_len);
    if (n == first.iov_len)
        return __real_sendmsg(fd, message, flags);
    first.iov_len = n;
    less.msg_iov = &first;
    less.msg_iovlen = 1;
    return __real_sendmsg(fd, &less, flags);
}

extern void *__real_mremap(void *, size_t, size_t, int, ...);
void *__wrap_mremap(void *, size_t, size_t, int, ...);
void *__wrap_mremap(void *at, size_t had, size_t n, int flags, ...)
{
    return fails(MEMORY, "mremap", ENOMEM) ? MAP_FAILED
                                           : __real_mremap(at, had, n, flags);
}

static unsigned mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, unsigned) : 0;
}

extern int __real_open(const char *, int, ...);
int __wrap_open(const char *, int, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    unsigned mode = mode_of(flags, args);
    va_end(args);
    return breaks(FILES, "open", ENFILE) ? -1 : __real_open(path, flags, mode);
}

extern int __real_openat(int, const char *, int, ...);
int __wrap_openat(int, const char *, int, ...);
int __wrap_openat(int folder, const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    unsigned mode = mode_of(flags, args);
    va_end(args);
    return breaks(FILES, "openat", EMFILE)
               ? -1
               : __real_openat(folder, path, flags, mode);
}

/* The two that the server calls by number. */
long __wrap_syscall(long, ...);
long __wrap_syscall(long number, ...)
{
    va_list args;
    long result = -1;

    va_start(args, number);
    int fd = va_arg(args, int);
    void *where = va_arg(args, void *);
    if (number == SYS_openat2) {
        struct open_how *how = va_arg(args, struct open_how *);
        size_t n = va_arg(args, size_t);
        if (!breaks(FILES, "openat2", EMFILE))
            result = __real_syscall(number, fd, where, how, n);
    } else if (number == SYS_getdents64) {
        int n = va_arg(args, int);
        if (!fails(FILES, "getdents64", EIO))
            result = __real_syscall(number, fd, where, n);
    } else {
        abort(); /* it is to be added here */
    }
    va_end(args);
    return result;
}

/* ------------------------------------------------------- the loop's round */

extern int __real_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
    int result = __real_clock_gettime(clock, t);

    if (clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC)
        t->tv_sec += (time_t)(page_get()->skew_ms / 1000);
    return result;
}

/* Tells how far the server is. It never sleeps long, so that it sees when the
 * clock has been set forward. */
extern int __real_epoll_wait(int, struct epoll_event *, int, int);
int __wrap_epoll_wait(int, struct epoll_event *, int, int);
int __wrap_epoll_wait(int epoll, struct epoll_event *events, int n, int timeout)
{
    struct page *p = page_get();

    if (p->trim)
        pond_trim(UINT_MAX);
    p->n_ponds = pond_process_usage_get().n_ponds;
    __atomic_add_fetch(&p->rounds, 1, __ATOMIC_SEQ_CST);
    if (p->mode == MODE_INTERRUPT && is_due(LOOP, "epoll_wait")) {
        errno = EINTR;
        return -1;
    }
    return __real_epoll_wait(epoll, events, n,
                             timeout < 0 || timeout > 2 ? 2 : timeout);
}
