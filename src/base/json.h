/* base/json.h — JSON as Xiudai keeps it: exact, bounded, canonical.
 *
 * A value is an immutable-by-habit tree in an arena. Numbers keep their text: nothing passes
 * through floating point. The reader takes RFC 8259 and nothing more: UTF-8, no double keys, no
 * lone surrogates, depth at most XD_JSON_DEPTH, at most XD_JSON_NODES values.
 *
 * Canonical form (docs/reference/bodies.md): RFC 8785 order, which for the ASCII keys we allow
 * is byte order; integers only; no blanks; strings escaped as RFC 8785 says. Two trees are
 * equal exactly when their canonical texts are. */
#ifndef XD_BASE_JSON_H
#define XD_BASE_JSON_H

#include "base/buf.h"
#include "base/ctx.h"

#define XD_JSON_DEPTH 64
#define XD_JSON_NODES 4000000

typedef enum xd_json_kind {
    XD_JSON_NULL,
    XD_JSON_BOOL,
    XD_JSON_NUMBER,
    XD_JSON_STRING,
    XD_JSON_ARRAY,
    XD_JSON_OBJECT,
} xd_json_kind;

typedef struct xd_json xd_json;
typedef struct xd_json_member {
    xd_str key;
    xd_json *value;
} xd_json_member;

struct xd_json {
    xd_json_kind kind;
    bool boolean;
    xd_str text; /* string contents, or the number as written */
    struct {
        xd_json **at;
        size_t n, cap;
    } items; /* array */
    struct {
        xd_json_member *at;
        size_t n, cap;
    } members; /* object, in the order met or set */
};

/* Read one value that fills the whole of text. On failure XD_INVALID with line and column.
 * Strings are copied only where they held escapes: text must outlive the tree. */
XD_MUST bool xd_json_read(xd_ctx *cx, xd_str text, const xd_json **ret_value);

/* Reading: every getter takes NULL or the wrong kind and then answers absent. */
const xd_json *xd_json_get(const xd_json *object, xd_str key); /* NULL when not there */
const xd_json *xd_json_at(const xd_json *array, size_t i);
size_t xd_json_len(const xd_json *value); /* items or members; 0 otherwise */
xd_str xd_json_str(const xd_json *value); /* string contents; absent slice otherwise */
xd_str xd_json_get_str(const xd_json *object, xd_str key);
/* An integer as written, within ±(2^53 − 1); false otherwise. */
bool xd_json_int(const xd_json *value, int64_t *ret_value);
int64_t xd_json_get_int(const xd_json *object, xd_str key, int64_t otherwise);
/* For measures that may round (a GeoJSON coordinate): false when not a number. */
bool xd_json_double(const xd_json *value, double *ret_value);

/* Making. */
xd_json *xd_json_object(xd_arena *arena);
xd_json *xd_json_array(xd_arena *arena);
xd_json *xd_json_string(xd_arena *arena, xd_str s); /* borrows s */
xd_json *xd_json_integer(xd_arena *arena, int64_t v);
xd_json *xd_json_bool(xd_arena *arena, bool v);
xd_json *xd_json_null(xd_arena *arena);
void xd_json_set(xd_arena *arena, xd_json *object, xd_str key, const xd_json *value);
void xd_json_drop(xd_json *object, xd_str key);
void xd_json_add(xd_arena *arena, xd_json *array, const xd_json *value);
xd_json *xd_json_clone(xd_arena *arena, const xd_json *value); /* deep, strings too */

/* Writing. Canonical sorts the members; plain keeps their order. Numbers go out as written, so
 * canonical needs integers only: xd_json_canonical_ok() says whether the tree may be kept (no
 * null, no empty string, array or object, integers in range, ASCII keys). */
void xd_json_canonical(xd_buf *out, const xd_json *value);
void xd_json_plain(xd_buf *out, const xd_json *value);
bool xd_json_canonical_ok(const xd_json *value);
bool xd_json_equal(const xd_json *a, const xd_json *b);

#endif
