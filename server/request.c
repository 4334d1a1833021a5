/* SPDX-License-Identifier: BSD-2-Clause */
/* request.c - see request.h; targets are in target.c. */
#include "request.h"

static const char *const names[METHODS] = {
    [METHOD_UNKNOWN] = "",        [METHOD_GET] = "GET",
    [METHOD_HEAD] = "HEAD",       [METHOD_POST] = "POST",
    [METHOD_PUT] = "PUT",         [METHOD_DELETE] = "DELETE",
    [METHOD_CONNECT] = "CONNECT", [METHOD_OPTIONS] = "OPTIONS",
    [METHOD_TRACE] = "TRACE",     [METHOD_PATCH] = "PATCH",
};

enum method method_of(struct text name)
{
    for (int m = METHOD_UNKNOWN + 1; m < METHODS; m++)
        if (text_is(name, names[m]))
            return (enum method)m;
    return METHOD_UNKNOWN;
}

const char *method_name(enum method m)
{
    return names[m];
}

const struct text *request_field(const struct request *q, const char *name)
{
    for (size_t i = 0; i < q->n_fields; i++)
        if (text_is_nocase(q->fields[i].name, name))
            return &q->fields[i].value;
    return NULL;
}
