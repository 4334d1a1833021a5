/* SPDX-License-Identifier: BSD-2-Clause */
/* date.c - see date.h. Names of days and months are never the locale's. */
#include "date.h"

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *put(char *at, const char *s, size_t n)
{
    memcpy(at, s, n);
    return at + n;
}

static char *put_digits(char *at, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

static int year_of(const struct tm *tm)
{
    int year = tm->tm_year + 1900;

    return year < 0 ? 0 : year > 9999 ? 9999 : year;
}

static char *put_time(char *at, const struct tm *tm)
{
    at = put_digits(at, tm->tm_hour, 2);
    *at++ = ':';
    at = put_digits(at, tm->tm_min, 2);
    *at++ = ':';
    return put_digits(at, tm->tm_sec, 2);
}

void date_format_http(time_t when, char out[DATE_HTTP_LENGTH + 1])
{
    struct tm tm = {0};
    char *at = out;

    gmtime_r(&when, &tm);
    at = put(at, days[tm.tm_wday], 3);
    at = put(at, ", ", 2);
    at = put_digits(at, tm.tm_mday, 2);
    *at++ = ' ';
    at = put(at, months + 3 * tm.tm_mon, 3);
    *at++ = ' ';
    at = put_digits(at, year_of(&tm), 4);
    *at++ = ' ';
    at = put_time(at, &tm);
    put(at, " GMT", 5);
}

void date_format_log(time_t when, char out[DATE_LOG_LENGTH + 1])
{
    struct tm tm = {0};
    char *at = out;

    localtime_r(&when, &tm);
    int zone = (int)(tm.tm_gmtoff / 60);
    at = put_digits(at, tm.tm_mday, 2);
    *at++ = '/';
    at = put(at, months + 3 * tm.tm_mon, 3);
    *at++ = '/';
    at = put_digits(at, year_of(&tm), 4);
    *at++ = ':';
    at = put_time(at, &tm);
    *at++ = ' ';
    *at++ = zone < 0 ? '-' : '+';
    zone = zone < 0 ? -zone : zone;
    at = put_digits(at, zone / 60, 2);
    at = put_digits(at, zone % 60, 2);
    *at = '\0';
}

/*
 * The forms are told apart by a pattern:
 *   d digit   _ digit or blank   m month   D day, three letters   * day, whole
 * Every other byte stands for itself.
 */
struct reading {
    int number[6]; /* in the order of the pattern, runs of digits */
    int n;
    int month;
};

static bool read_month(const char **at, const char *end, int *month)
{
    for (int m = 0; m < 12; m++)
        if (end - *at >= 3 && memcmp(*at, months + 3 * m, 3) == 0) {
            *month = m;
            *at += 3;
            return true;
        }
    return false;
}

static bool read_day_name(const char **at, const char *end, bool whole)
{
    for (size_t i = 0; i < 7; i++) {
        size_t n = whole ? strlen(days[i]) : 3;
        if ((size_t)(end - *at) >= n && memcmp(*at, days[i], n) == 0) {
            *at += n;
            return true;
        }
    }
    return false;
}

static bool read_pattern(struct text t, const char *pattern, struct reading *r)
{
    const char *at = t.at, *end = t.at + t.length;
    bool in_number = false;

    *r = (struct reading){.month = -1};
    for (const char *p = pattern; *p; p++) {
        if (*p == 'd' || *p == '_') {
            if (at == end || !(text_is_digit(*at) || (*p == '_' && *at == ' ')))
                return false;
            if (!in_number)
                r->n++;
            int *number = &r->number[r->n - 1];
            *number = *number * 10 + (*at == ' ' ? 0 : *at - '0');
            in_number = true;
            at++;
            continue;
        }
        in_number = false;
        if (*p == 'm') {
            if (!read_month(&at, end, &r->month))
                return false;
        } else if (*p == 'D' || *p == '*') {
            if (!read_day_name(&at, end, *p == '*'))
                return false;
        } else if (at == end || *at++ != *p) {
            return false;
        }
    }
    return at == end;
}

static bool to_time(int year, const struct reading *r, int day, const int *hms,
                    time_t *when)
{
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = r->month,
                    .tm_mday = day,
                    .tm_hour = hms[0],
                    .tm_min = hms[1],
                    .tm_sec = hms[2]};

    if (day < 1 || day > 31 || hms[0] > 23 || hms[1] > 59 || hms[2] > 60)
        return false;
    *when = timegm(&tm);
    return true;
}

bool date_parse_http(struct text t, time_t *when)
{
    struct reading r;

    if (read_pattern(t, "D, dd m dddd dd:dd:dd GMT", &r))
        return to_time(r.number[1], &r, r.number[0], r.number + 2, when);
    if (read_pattern(t, "*, dd-m-dd dd:dd:dd GMT", &r)) {
        /* two digits: the past, unless less than 50 years ahead */
        struct tm now = {0};
        time_t today = time(NULL);
        gmtime_r(&today, &now);
        int year = 1900 + now.tm_year;
        year = year - year % 100 + r.number[1];
        if (year > 1900 + now.tm_year + 50)
            year -= 100;
        return to_time(year, &r, r.number[0], r.number + 2, when);
    }
    if (read_pattern(t, "D m _d dd:dd:dd dddd", &r))
        return to_time(r.number[4], &r, r.number[0], r.number + 1, when);
    return false;
}
