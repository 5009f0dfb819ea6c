/* The reader is a recursive descent over the text, bounded by depth and by a count of values.
 * Double keys are looked for from the first key on that does not stand behind the one before: our
 * own bodies are canonical and have none. A map is used only in objects of more than 16 members:
 * short ones are compared directly. */
#include "base/json.h"

#include "base/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct reader {
    xd_ctx *cx;
    xd_str text;
    size_t at;
    size_t nodes;
    int depth;
} reader;

static bool fail(reader *r, const char *reason)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < r->at && i < r->text.n; i++) {
        if (r->text.p[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    size_t column = xd_utf8_count(xd_str_sub(r->text, start, r->at)) + 1;
    (void)xd_fail(r->cx, XD_INVALID, "JSON line %zu column %zu: %s", line, column, reason);
    return xd_fail_words(
        r->cx, xd_str_printf(r->cx->arena, "JSON 第 %zu 行第 %zu 列有误。", line, column),
        xd_str_printf(r->cx->arena, "The JSON is wrong at line %zu, column %zu: %s.", line,
                      column, reason));
}

static int peek(reader *r)
{
    for (; r->at < r->text.n; r->at++) {
        char c = r->text.p[r->at];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            return (unsigned char)c;
        }
    }
    return -1;
}

static bool hex4(reader *r, uint32_t *ret)
{
    if (r->text.n - r->at < 4) {
        return fail(r, "a \\u escape is cut off");
    }
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        char c = r->text.p[r->at++];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return fail(r, "a \\u escape needs four hexadecimal digits");
        }
        v = v * 16 + (uint32_t)digit;
    }
    *ret = v;
    return true;
}

static bool read_escape(reader *r, xd_buf *out)
{
    char c = r->at < r->text.n ? r->text.p[r->at++] : '\0';
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *hit = c == '\0' ? NULL : strchr(from, c);
    if (hit != NULL) {
        xd_buf_byte(out, to[hit - from]);
        return true;
    }
    if (c != 'u') {
        return fail(r, "an escape that JSON does not have");
    }
    uint32_t v, low;
    if (!hex4(r, &v)) {
        return false;
    }
    if (v >= 0xd800 && v < 0xdc00) {
        if (r->text.n - r->at < 2 || r->text.p[r->at] != '\\' || r->text.p[r->at + 1] != 'u') {
            return fail(r, "a lone surrogate");
        }
        r->at += 2;
        if (!hex4(r, &low)) {
            return false;
        }
        if (low < 0xdc00 || low > 0xdfff) {
            return fail(r, "a lone surrogate");
        }
        v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
    }
    char utf8[4];
    size_t n = xd_utf8_put(v, utf8);
    if (n == 0) {
        return fail(r, "a lone surrogate");
    }
    xd_buf_bytes(out, utf8, n);
    return true;
}

/* Where a run of plain bytes in a string ends: at a quote, a backslash or a control character.
 * Eight bytes at once (0.3 of the time of one by one): a byte of v that is 0 borrows from its
 * highest bit in v − 0x01…, one below 0x20 in v − 0x20…; those after it may be wrong, so the last
 * eight are looked at singly. */
static size_t run_end(xd_str s, size_t at)
{
    const uint64_t each = 0x0101010101010101u;
    for (; s.n - at >= 8; at += 8) {
        uint64_t v;
        memcpy(&v, s.p + at, sizeof v);
        uint64_t quote = v ^ each * '"', slash = v ^ each * '\\';
        uint64_t hit =
            ((quote - each) & ~quote) | ((slash - each) & ~slash) | ((v - each * 0x20) & ~v);
        if ((hit & each << 7) != 0) {
            break;
        }
    }
    while (at < s.n && s.p[at] != '"' && s.p[at] != '\\' && (unsigned char)s.p[at] >= 0x20) {
        at++;
    }
    return at;
}

/* At the byte behind the opening quote. */
static bool read_string(reader *r, xd_str *ret)
{
    size_t start = r->at;
    xd_buf out = {0};
    bool escaped = false, ok = true;
    while (ok) {
        size_t run = r->at;
        r->at = run_end(r->text, run);
        if (escaped || (r->at < r->text.n && r->text.p[r->at] == '\\')) {
            xd_buf_bytes(&out, r->text.p + run, r->at - run);
        }
        if (r->at == r->text.n) {
            ok = fail(r, "a string does not end");
        } else if (r->text.p[r->at] == '"') {
            break;
        } else if (r->text.p[r->at] == '\\') {
            escaped = true;
            r->at++;
            ok = read_escape(r, &out);
        } else {
            ok = fail(r, "a control character in a string");
        }
    }
    if (ok) {
        *ret = escaped ? xd_buf_copy(&out, r->cx->arena) : xd_str_sub(r->text, start, r->at);
        r->at++;
    }
    xd_buf_free(&out);
    return ok;
}

static size_t digits(reader *r)
{
    size_t from = r->at;
    while (r->at < r->text.n && r->text.p[r->at] >= '0' && r->text.p[r->at] <= '9') {
        r->at++;
    }
    return r->at - from;
}

static bool read_number(reader *r, xd_str *ret)
{
    size_t start = r->at;
    if (r->text.p[r->at] == '-') {
        r->at++;
    }
    size_t first = r->at, n = digits(r);
    bool ok = n == 1 || (n > 1 && r->text.p[first] != '0');
    if (ok && r->at < r->text.n && r->text.p[r->at] == '.') {
        r->at++;
        ok = digits(r) > 0;
    }
    if (ok && r->at < r->text.n && (r->text.p[r->at] == 'e' || r->text.p[r->at] == 'E')) {
        r->at++;
        if (r->at < r->text.n && (r->text.p[r->at] == '+' || r->text.p[r->at] == '-')) {
            r->at++;
        }
        ok = digits(r) > 0;
    }
    if (!ok) {
        return fail(r, "a number that JSON does not have");
    }
    *ret = xd_str_sub(r->text, start, r->at);
    return true;
}

static bool read_word(reader *r, xd_str word)
{
    if (!xd_str_starts(xd_str_sub(r->text, r->at, r->text.n), word)) {
        return fail(r, "a value was expected");
    }
    r->at += word.n;
    return true;
}

static bool read_value(reader *r, xd_json **ret);

static bool key_is_double(const xd_json *object, xd_str key, xd_map **seen, xd_arena *arena)
{
    if (object->members.n < 16) {
        return xd_json_get(object, key) != NULL;
    }
    if (*seen == NULL) {
        *seen = xd_map_make(arena);
        for (size_t i = 0; i < object->members.n; i++) {
            xd_map_put(*seen, object->members.at[i].key, object->members.at[i].value);
        }
    }
    return xd_map_get(*seen, key) != NULL;
}

static bool read_object(reader *r, xd_json *object)
{
    xd_map *seen = NULL;
    bool rising = true;
    if (peek(r) == '}') {
        r->at++;
        return true;
    }
    for (;;) {
        xd_str key;
        size_t n = object->members.n;
        if (peek(r) != '"') {
            return fail(r, "a name in quotation marks was expected");
        }
        r->at++;
        if (!read_string(r, &key)) {
            return false;
        }
        rising = rising && (n == 0 || xd_str_cmp(object->members.at[n - 1].key, key) < 0);
        if (!rising && key_is_double(object, key, &seen, r->cx->arena)) {
            return fail(r, "the same name twice in one object");
        }
        if (peek(r) != ':') {
            return fail(r, "a colon was expected");
        }
        r->at++;
        xd_json *value;
        if (!read_value(r, &value)) {
            return false;
        }
        *xd_push(r->cx->arena, &object->members) = (xd_json_member){key, value};
        if (seen != NULL) {
            xd_map_put(seen, key, value);
        }
        int c = peek(r);
        r->at++;
        if (c == '}') {
            return true;
        }
        if (c != ',') {
            r->at--;
            return fail(r, "a comma or a closing brace was expected");
        }
    }
}

static bool read_array(reader *r, xd_json *array)
{
    if (peek(r) == ']') {
        r->at++;
        return true;
    }
    for (;;) {
        xd_json *value;
        if (!read_value(r, &value)) {
            return false;
        }
        *xd_push(r->cx->arena, &array->items) = value;
        int c = peek(r);
        r->at++;
        if (c == ']') {
            return true;
        }
        if (c != ',') {
            r->at--;
            return fail(r, "a comma or a closing bracket was expected");
        }
    }
}

static bool read_value(reader *r, xd_json **ret)
{
    int c = peek(r);
    if (++r->nodes > XD_JSON_NODES) {
        return fail(r, "too many values");
    }
    xd_json *value = xd_new(r->cx->arena, xd_json);
    bool ok;
    if (c == '{' || c == '[') {
        if (++r->depth > XD_JSON_DEPTH) {
            return fail(r, "nested too deeply");
        }
        r->at++;
        value->kind = c == '{' ? XD_JSON_OBJECT : XD_JSON_ARRAY;
        ok = c == '{' ? read_object(r, value) : read_array(r, value);
        r->depth--;
    } else if (c == '"') {
        r->at++;
        value->kind = XD_JSON_STRING;
        ok = read_string(r, &value->text);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        value->kind = XD_JSON_NUMBER;
        ok = read_number(r, &value->text);
    } else if (c == 't' || c == 'f') {
        value->kind = XD_JSON_BOOL;
        value->boolean = c == 't';
        ok = read_word(r, c == 't' ? XD_S("true") : XD_S("false"));
    } else {
        ok = c == 'n' ? read_word(r, XD_S("null")) : fail(r, "a value was expected");
    }
    if (ok) {
        *ret = value;
    }
    return ok;
}

bool xd_json_read(xd_ctx *cx, xd_str text, const xd_json **ret_value)
{
    reader r = {.cx = cx, .text = text};
    size_t good = xd_utf8_valid(text);
    if (good < text.n) {
        r.at = good;
        return fail(&r, "not UTF-8");
    }
    xd_json *value;
    if (!read_value(&r, &value)) {
        return false;
    }
    if (peek(&r) != -1) {
        return fail(&r, "something follows the value");
    }
    *ret_value = value;
    return true;
}

const xd_json *xd_json_get(const xd_json *object, xd_str key)
{
    if (object != NULL && object->kind == XD_JSON_OBJECT) {
        for (size_t i = 0; i < object->members.n; i++) {
            if (xd_str_eq(object->members.at[i].key, key)) {
                return object->members.at[i].value;
            }
        }
    }
    return NULL;
}

const xd_json *xd_json_at(const xd_json *array, size_t i)
{
    return array != NULL && array->kind == XD_JSON_ARRAY && i < array->items.n
               ? array->items.at[i]
               : NULL;
}

size_t xd_json_len(const xd_json *value)
{
    if (value == NULL) {
        return 0;
    }
    return value->kind == XD_JSON_ARRAY    ? value->items.n
           : value->kind == XD_JSON_OBJECT ? value->members.n
                                           : 0;
}

xd_str xd_json_str(const xd_json *value)
{
    return value != NULL && value->kind == XD_JSON_STRING ? value->text : (xd_str){NULL, 0};
}

xd_str xd_json_get_str(const xd_json *object, xd_str key)
{
    return xd_json_str(xd_json_get(object, key));
}

bool xd_json_int(const xd_json *value, int64_t *ret_value)
{
    const int64_t most = ((int64_t)1 << 53) - 1;
    int64_t v;
    if (value == NULL || value->kind != XD_JSON_NUMBER || !xd_str_int(value->text, &v) ||
        v > most || v < -most) {
        return false;
    }
    *ret_value = v;
    return true;
}

int64_t xd_json_get_int(const xd_json *object, xd_str key, int64_t otherwise)
{
    int64_t v;
    return xd_json_int(xd_json_get(object, key), &v) ? v : otherwise;
}

bool xd_json_double(const xd_json *value, double *ret_value)
{
    if (value == NULL || value->kind != XD_JSON_NUMBER || value->text.n > 400) {
        return false;
    }
    char text[401];
    memcpy(text, value->text.p, value->text.n);
    text[value->text.n] = '\0';
    double v = strtod(text, NULL); /* the program runs in the C locale for numbers */
    if (!isfinite(v)) {
        return false;
    }
    *ret_value = v;
    return true;
}

static xd_json *make(xd_arena *arena, xd_json_kind kind)
{
    xd_json *value = xd_new(arena, xd_json);
    value->kind = kind;
    return value;
}

xd_json *xd_json_object(xd_arena *arena)
{
    return make(arena, XD_JSON_OBJECT);
}

xd_json *xd_json_array(xd_arena *arena)
{
    return make(arena, XD_JSON_ARRAY);
}

xd_json *xd_json_string(xd_arena *arena, xd_str s)
{
    xd_json *value = make(arena, XD_JSON_STRING);
    value->text = s.p == NULL ? XD_S("") : s;
    return value;
}

xd_json *xd_json_integer(xd_arena *arena, int64_t v)
{
    xd_json *value = make(arena, XD_JSON_NUMBER);
    value->text = xd_str_printf(arena, "%" PRId64, v);
    return value;
}

xd_json *xd_json_bool(xd_arena *arena, bool v)
{
    xd_json *value = make(arena, XD_JSON_BOOL);
    value->boolean = v;
    return value;
}

xd_json *xd_json_null(xd_arena *arena)
{
    return make(arena, XD_JSON_NULL);
}

/* A tree is shared until somebody changes it: setters take away const of what was read, which
 * lives in an arena and was made as a plain object. */
static xd_json *mutable(const xd_json *value)
{
    union {
        const xd_json *in;
        xd_json *out;
    } u = {.in = value};
    return u.out;
}

void xd_json_set(xd_arena *arena, xd_json *object, xd_str key, const xd_json *value)
{
    assert(object->kind == XD_JSON_OBJECT);
    for (size_t i = 0; i < object->members.n; i++) {
        if (xd_str_eq(object->members.at[i].key, key)) {
            object->members.at[i].value = mutable(value);
            return;
        }
    }
    *xd_push(arena, &object->members) = (xd_json_member){key, mutable(value)};
}

void xd_json_drop(xd_json *object, xd_str key)
{
    assert(object->kind == XD_JSON_OBJECT);
    for (size_t i = 0; i < object->members.n; i++) {
        if (xd_str_eq(object->members.at[i].key, key)) {
            memmove(&object->members.at[i], &object->members.at[i + 1],
                    (object->members.n - i - 1) * sizeof object->members.at[0]);
            object->members.n--;
            return;
        }
    }
}

void xd_json_add(xd_arena *arena, xd_json *array, const xd_json *value)
{
    assert(array->kind == XD_JSON_ARRAY);
    *xd_push(arena, &array->items) = mutable(value);
}

xd_json *xd_json_clone(xd_arena *arena, const xd_json *value)
{
    xd_json *copy = make(arena, value->kind);
    copy->boolean = value->boolean;
    copy->text = xd_str_copy(arena, value->text);
    for (size_t i = 0; i < value->items.n; i++) {
        *xd_push(arena, &copy->items) = xd_json_clone(arena, value->items.at[i]);
    }
    for (size_t i = 0; i < value->members.n; i++) {
        *xd_push(arena, &copy->members) =
            (xd_json_member){xd_str_copy(arena, value->members.at[i].key),
                             xd_json_clone(arena, value->members.at[i].value)};
    }
    return copy;
}

static int by_key(const void *a, const void *b)
{
    return xd_str_cmp((*(const xd_json_member *const *)a)->key,
                      (*(const xd_json_member *const *)b)->key);
}

static void write_value(xd_buf *out, const xd_json *value, bool sorted);

static void write_members(xd_buf *out, const xd_json *value, bool sorted)
{
    const xd_json_member *few[64];
    size_t n = value->members.n;
    const xd_json_member **order = n <= XD_LEN(few) ? few : calloc(n, sizeof *order);
    if (order == NULL) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = &value->members.at[i];
    }
    if (sorted && n > 1) {
        qsort(order, n, sizeof *order, by_key);
    }
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        xd_buf_json(out, order[i]->key, false);
        xd_buf_byte(out, ':');
        write_value(out, order[i]->value, sorted);
    }
    if (order != few) {
        free(order);
    }
}

static void write_value(xd_buf *out, const xd_json *value, bool sorted)
{
    switch (value->kind) {
    case XD_JSON_NULL:
        xd_buf_add(out, XD_S("null"));
        break;
    case XD_JSON_BOOL:
        xd_buf_add(out, value->boolean ? XD_S("true") : XD_S("false"));
        break;
    case XD_JSON_NUMBER:
        xd_buf_add(out, value->text);
        break;
    case XD_JSON_STRING:
        xd_buf_json(out, value->text, false);
        break;
    case XD_JSON_ARRAY:
        xd_buf_byte(out, '[');
        for (size_t i = 0; i < value->items.n; i++) {
            if (i > 0) {
                xd_buf_byte(out, ',');
            }
            write_value(out, value->items.at[i], sorted);
        }
        xd_buf_byte(out, ']');
        break;
    case XD_JSON_OBJECT:
        xd_buf_byte(out, '{');
        write_members(out, value, sorted);
        xd_buf_byte(out, '}');
        break;
    }
}

void xd_json_canonical(xd_buf *out, const xd_json *value)
{
    write_value(out, value, true);
}

void xd_json_plain(xd_buf *out, const xd_json *value)
{
    write_value(out, value, false);
}

static bool key_ok(xd_str key)
{
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] <= ' ' || key.p[i] > '~') {
            return false;
        }
    }
    return key.n > 0;
}

/* The integer must also be written the one way: no sign or zero too many. */
static bool integer_ok(const xd_json *value)
{
    int64_t v;
    char text[24];
    if (!xd_json_int(value, &v)) {
        return false;
    }
    int n = snprintf(text, sizeof text, "%" PRId64, v);
    return xd_str_eq(value->text, (xd_str){text, (size_t)n});
}

bool xd_json_canonical_ok(const xd_json *value)
{
    switch (value->kind) {
    case XD_JSON_NULL:
        return false;
    case XD_JSON_BOOL:
        return true;
    case XD_JSON_NUMBER:
        return integer_ok(value);
    case XD_JSON_STRING:
        return value->text.n > 0 && xd_utf8_valid(value->text) == value->text.n;
    case XD_JSON_ARRAY:
        for (size_t i = 0; i < value->items.n; i++) {
            if (!xd_json_canonical_ok(value->items.at[i])) {
                return false;
            }
        }
        return value->items.n > 0;
    case XD_JSON_OBJECT:
        for (size_t i = 0; i < value->members.n; i++) {
            if (!key_ok(value->members.at[i].key) ||
                !xd_json_canonical_ok(value->members.at[i].value)) {
                return false;
            }
        }
        return value->members.n > 0;
    }
    return false;
}

bool xd_json_equal(const xd_json *a, const xd_json *b)
{
    if (a == NULL || b == NULL || a == b) {
        return a == b;
    }
    xd_buf x = {0}, y = {0};
    xd_json_canonical(&x, a);
    xd_json_canonical(&y, b);
    bool equal = !x.failed && !y.failed && xd_str_eq(xd_buf_str(&x), xd_buf_str(&y));
    xd_buf_free(&x);
    xd_buf_free(&y);
    return equal;
}
