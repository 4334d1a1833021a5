/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVER_DATE_H
#define SERVER_DATE_H
/*
 * date.h - dates as HTTP and access logs write them. No clock of its own.
 */
#include <stdbool.h>
#include <time.h>

#include "text.h"

#define DATE_HTTP_LENGTH 29 /* Sun, 06 Nov 1994 08:49:37 GMT */
#define DATE_LOG_LENGTH 26  /* 06/Nov/1994:08:49:37 +0000 */

/* Both write their length above and a zero; years outside 0 to 9999 are
 * written as the nearest that fits. */
void date_format_http(time_t when, char out[DATE_HTTP_LENGTH + 1]);
void date_format_log(time_t when, char out[DATE_LOG_LENGTH + 1]);

/* Any of the three forms of RFC 9110 section 5.6.7; false for others. */
bool date_parse_http(struct text t, time_t *when);
#endif
