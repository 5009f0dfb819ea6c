/* model/kind.h — the kinds of fields, one row each in kind.c.
 *
 * What a value is kept as decides what code does with it, so code switches over xd_kept, without
 * a default: a new way to keep a value stops the build wherever something must be said of it. A
 * kind that is one string with a rule of its own needs its row, a reader and nothing else; the
 * tour says how ("Add a field kind"). */
#ifndef XD_MODEL_KIND_H
#define XD_MODEL_KIND_H

#include "base/ctx.h"

typedef enum xd_kind {
    XD_KIND_TEXT,
    XD_KIND_MARKDOWN,
    XD_KIND_NUMBER,
    XD_KIND_BOOLEAN,
    XD_KIND_PERIOD,
    XD_KIND_TERM,
    XD_KIND_PLACE,
    XD_KIND_LINK,
    XD_KIND_GROUP,
    XD_KIND_DIVISION,
    XD_KIND_HOURS,
    XD_KIND_PHONE,
    XD_KIND_CONTACT,
    XD_KIND_URL,
    XD_KIND_IDENTIFIER,
    XD_KIND_QUERY,
    XD_KIND_FILE,
} xd_kind;
#define XD_KINDS (XD_KIND_FILE + 1) /* the last; kind.c fails to build when this is wrong */

/* What stands in a body: docs/reference/bodies.md. */
typedef enum xd_kept {
    XD_KEPT_TEXTS, /* {language: text} */
    XD_KEPT_NUMBER,
    XD_KEPT_BOOLEAN,
    XD_KEPT_PERIOD,
    XD_KEPT_CODE, /* of a vocabulary */
    XD_KEPT_PLACE,
    XD_KEPT_LINK,
    XD_KEPT_GROUP,
    XD_KEPT_HOURS,
    XD_KEPT_STRING, /* one plain text, often with a rule */
    XD_KEPT_FILE,
} xd_kept;

/* The rule of a string: what a cell says becomes what the body keeps; a body that keeps anything
 * else is refused. `is`: what it must be, for "这一项应为…" and "“…”不是…". */
typedef struct xd_rule {
    bool (*read)(xd_ctx *cx, xd_str text, xd_str *ret_value);
    const char *is[XD_LANGS];
} xd_rule;

typedef struct xd_kind_row {
    xd_str name; /* in models */
    xd_kept kept;
    const xd_rule *rule; /* of strings; NULL: any text */
    const char *format;  /* of strings, in JSON Schema; NULL: none */
    bool rest;           /* what cannot be read as this goes to the type's `rest` */
    xd_str label[XD_LANGS];
    xd_str cell[XD_LANGS]; /* what may stand in a cell, for templates */
    xd_str example;
} xd_kind_row;
extern const xd_kind_row xd_kinds[XD_KINDS];

#endif
