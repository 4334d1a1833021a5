/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - pondserve's command line. Says what is wrong with it in one line,
 * and leaves the rest to the master.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "config_read.h"
#include "files.h"
#include "master.h"

static const char help[] =
    "Usage: pondserve [-a ADDRESS] [-p PORT] [-l LOGFILE] [-c FILE] [DIR]\n"
    "       pondserve -t [-c FILE]\n"
    "Serve the files in DIR (the current folder) over HTTP.\n"
    "\n"
    "  -a ADDRESS   listen at this address (127.0.0.1), or unix:PATH\n"
    "  -p PORT      listen at this port, 1 to 65535 (8080)\n"
    "  -l LOGFILE   append a line for each request to LOGFILE;\n"
    "               - is standard output, as without this option;\n"
    "               off writes none\n"
    "  -c FILE      read a configuration; the other options go before it\n"
    "  -t           only say whether it is right\n"
    "  --help       show this help and exit\n"
    "  --version    show the version and exit\n"
    "\n"
    "SIGINT (Ctrl-C) and SIGTERM stop it when the answers under way are sent,\n"
    "a second one at once. Exit status: 0 after that, 2 for what it cannot do\n"
    "as told, 1 for any other failure.\n";

enum { OPTION_HELP = 256, OPTION_VERSION };

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static int misused(const char *what, const char *of)
{
    fprintf(stderr, "pondserve: %s%s (see pondserve --help)\n", what, of);
    return EXIT_USAGE;
}

static int say_wrong_option(char **argv)
{
    char letter[3] = {'-', (char)optopt, '\0'};

    /* For a long option optopt is 0 or its number, and argv has its name. */
    if (optopt == 0 || optopt >= OPTION_HELP)
        return misused("there is no such option: ", argv[optind - 1]);
    return misused("there is no such option: ", letter);
}

/* What the command line says; it goes before the file. */
struct told {
    const char *config, *address, *log, *root;
    uint16_t port;
    bool test;
};

/* Returns the exit status, or -1 to go on. */
static int read_options(int argc, char **argv, struct told *t)
{
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":a:c:l:p:t", options, NULL)) !=
           -1) {
        switch (option) {
        case 'a':
            t->address = optarg;
            break;
        case 'c':
            t->config = optarg;
            break;
        case 'l':
            t->log = optarg;
            break;
        case 'p':
            if (!address_parse_port(optarg, &t->port))
                return misused("-p wants a port from 1 to 65535, not ", optarg);
            break;
        case 't':
            t->test = true;
            break;
        case OPTION_HELP:
            fputs(help, stdout);
            return EXIT_SUCCESS;
        case OPTION_VERSION:
            printf("pondserve %s\n", pond_version());
            return EXIT_SUCCESS;
        case ':':
            return misused("a value is missing behind ", argv[optind - 1]);
        default:
            return say_wrong_option(argv);
        }
    }
    if (argc - optind > 1)
        return misused("it serves one folder; one too many: ",
                       argv[optind + 1]);
    if (argc - optind == 1)
        t->root = argv[optind];
    return -1;
}

/* -a and -p stand for all that the file says of listening. */
static const char *apply_listen(struct config *c, const struct told *t)
{
    const char *address = t->address ? t->address : "127.0.0.1";
    bool brackets = strchr(address, ':') && strncmp(address, "unix:", 5) != 0;

    c->listens = NULL;
    const char *text =
        strncmp(address, "unix:", 5) == 0
            ? address
            : pond_printf(c->pond, brackets ? "[%s]:%u" : "%s:%u", address,
                          t->port ? (unsigned)t->port : 8080U);
    const char *why = text ? config_add_listen(c, text, false) : "";
    return why ? config_why(c, "cannot listen at the address %s: %s", address,
                            why)
               : NULL;
}

static void apply_root(struct config *c, const char *root)
{
    struct location *l = c->router.sites->locations;

    while (l->next)
        l = l->next;
    ((struct files_options *)l->options)->root = root;
}

static const char *configure(struct config *c, const struct told *t)
{
    const char *why = t->config ? config_read(c, t->config) : NULL;

    if (why)
        return why;
    if (t->log)
        c->log = t->log;
    if (t->root)
        apply_root(c, t->root);
    if (t->address || t->port)
        why = apply_listen(c, t);
    return why ? why : config_finish(c);
}

int main(int argc, char **argv)
{
    struct told told = {0};
    int status = read_options(argc, argv, &told);

    if (status >= 0)
        return status;
    struct config *c = config_create();
    if (!c) {
        fputs("pondserve: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    const char *why = configure(c, &told);
    if (!why && !told.test)
        return master_run(c);
    if (why)
        fprintf(stderr, "pondserve: %s\n", why);
    else
        printf("pondserve: %s is fine\n",
               told.config ? told.config : "all that was said");
    config_destroy(c);
    return why ? EXIT_USAGE : EXIT_SUCCESS;
}
