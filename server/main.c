/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - pondserve's command line. Says what is wrong with it in one line,
 * and leaves the rest to the master.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "master.h"

static const char help[] =
    "Usage: pondserve [-a ADDRESS] [-p PORT] [-l LOGFILE] [DIR]\n"
    "Serve the files in DIR (the current folder) over HTTP.\n"
    "\n"
    "  -a ADDRESS   listen at this address (127.0.0.1)\n"
    "  -p PORT      listen at this port, 1 to 65535 (8080)\n"
    "  -l LOGFILE   append a line for each request to LOGFILE;\n"
    "               - is standard output, as without this option\n"
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

static bool read_port(const char *s, uint16_t *port)
{
    unsigned value = 0;

    for (const char *at = s; *at; at++) {
        if (*at < '0' || *at > '9')
            return false;
        value = value * 10 + (unsigned)(*at - '0');
        if (value > 65535)
            return false;
    }
    *port = (uint16_t)value;
    return value > 0;
}

static int say_wrong_option(char **argv)
{
    char letter[3] = {'-', (char)optopt, '\0'};

    /* For a long option optopt is 0 or its number, and argv has its name. */
    if (optopt == 0 || optopt >= OPTION_HELP)
        return misused("there is no such option: ", argv[optind - 1]);
    return misused("there is no such option: ", letter);
}

/* Returns the exit status, or -1 to go on. */
static int read_options(int argc, char **argv, struct config *c)
{
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":a:p:l:", options, NULL)) != -1) {
        switch (option) {
        case 'a':
            c->address = optarg;
            break;
        case 'p':
            if (!read_port(optarg, &c->port))
                return misused("-p wants a port from 1 to 65535, not ", optarg);
            break;
        case 'l':
            c->log = optarg;
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
        c->root = argv[optind];
    return -1;
}

int main(int argc, char **argv)
{
    struct config *c = config_create();

    if (!c) {
        fputs("pondserve: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    int status = read_options(argc, argv, c);
    if (status >= 0)
        config_destroy(c);
    else
        status = master_run(c);
    return status;
}
