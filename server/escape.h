/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_ESCAPE_H
#define SERVER_ESCAPE_H
/* escape.h - names in pages and addresses, so that they stay names. Both return
 * NULL when out of memory. */
#include <pond/pond.h>

/* For text and attributes of a page. */
char *escape_html(pond *p, const char *s);

/* For a path; slashes stay. A colon stays too, so a name alone may look like a
 * scheme: put "./" before it. */
char *escape_url(pond *p, const char *s);
#endif
