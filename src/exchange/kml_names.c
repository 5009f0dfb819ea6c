/* Names of data in KML.
 *
 * The reader of KML makes column names out of <Data name="建设年代"> by writing _ for every byte that is
 * no ASCII letter or digit: 建设年代 and 保存状况 become the same column, and one of them is lost. So
 * such names are replaced in the bytes before the file is read, each by a short one of its own, and
 * the header gets the name back. */
#include "exchange/kml_names.h"

#include "base/map.h"

#define NAMES 1000
#define NAME_BYTES 300

typedef struct kml_names {
    xd_ctx *cx;
    xd_map *map; /* name → its short one */
    xd_buf bytes, lines;
    size_t n;
} kml_names;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_plain(xd_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '_';
        if (!plain) {
            return false;
        }
    }
    return true;
}

/* Whether the tag that begins behind `<` is one that names data; a prefix (kml:Data) may stand before. */
static bool names_data(xd_str tag)
{
    static const char *const tags[] = {"Data", "SimpleData", "SimpleField"};
    size_t end = 0;
    while (end < tag.n && !is_blank(tag.p[end]) && tag.p[end] != '/') {
        end++;
    }
    xd_str word = xd_str_sub(tag, 0, end);
    size_t colon = xd_str_find(word, XD_S(":"), 0);
    word = colon == SIZE_MAX ? word : xd_str_sub(word, colon + 1, word.n);
    for (size_t i = 0; i < XD_LEN(tags); i++) {
        if (xd_str_eq(word, xd_str_of(tags[i]))) {
            return true;
        }
    }
    return false;
}

/* Where in the tag the value of its name stands. */
static bool name_in(xd_str tag, size_t *ret_at, size_t *ret_n)
{
    for (size_t at = 0; (at = xd_str_find(tag, XD_S("name"), at)) != SIZE_MAX; at += 4) {
        size_t p = at + 4;
        while (p < tag.n && is_blank(tag.p[p])) {
            p++;
        }
        if (at == 0 || !is_blank(tag.p[at - 1]) || p >= tag.n || tag.p[p] != '=') {
            continue;
        }
        p++;
        while (p < tag.n && is_blank(tag.p[p])) {
            p++;
        }
        if (p >= tag.n || (tag.p[p] != '"' && tag.p[p] != '\'')) {
            return false;
        }
        size_t end = xd_str_find(tag, xd_str_sub(tag, p, p + 1), p + 1);
        if (end == SIZE_MAX) {
            return false;
        }
        *ret_at = p + 1;
        *ret_n = end - p - 1;
        return true;
    }
    return false;
}

static xd_str plain_text(xd_arena *arena, xd_str name)
{
    static const char *const marks[][2] = {
        {"&quot;", "\""},
        {"&apos;", "'" },
        {"&lt;",   "<" },
        {"&gt;",   ">" },
        {"&amp;",  "&" }
    };
    xd_buf out = {0};
    for (size_t i = 0; i < name.n;) {
        size_t k = 0;
        xd_str rest = xd_str_sub(name, i, name.n);
        while (k < XD_LEN(marks) && !xd_str_starts(rest, xd_str_of(marks[k][0]))) {
            k++;
        }
        bool blank = name.p[i] == '\t' || name.p[i] == '\n' || name.p[i] == '\r';
        if (k < XD_LEN(marks)) {
            xd_buf_add(&out, xd_str_of(marks[k][1]));
            i += strlen(marks[k][0]);
        } else {
            xd_buf_byte(&out, blank ? ' ' : name.p[i]);
            i++;
        }
    }
    xd_str text = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}

static const char *short_of(kml_names *k, xd_str name)
{
    const char *have = xd_map_get(k->map, name);
    if (have == NULL && k->n < NAMES) {
        xd_arena *arena = k->cx->arena;
        xd_str made = xd_str_printf(arena, "xd%04zu", k->n++);
        have = xd_cstr(arena, made);
        xd_map_put(k->map, xd_str_copy(arena, name), xd_cstr(arena, made));
        xd_buf_add(&k->lines, made);
        xd_buf_byte(&k->lines, '\t');
        xd_buf_add(&k->lines, plain_text(arena, name));
        xd_buf_byte(&k->lines, '\n');
    }
    return have;
}

static void rewrite(kml_names *k, xd_str bytes)
{
    size_t done = 0;
    for (size_t at = 0; at < bytes.n;) {
        const char *open = memchr(bytes.p + at, '<', bytes.n - at);
        size_t from = open == NULL ? bytes.n : (size_t)(open - bytes.p) + 1;
        const char *close = from < bytes.n ? memchr(bytes.p + from, '>', bytes.n - from) : NULL;
        if (close == NULL) {
            break;
        }
        xd_str tag = xd_str_sub(bytes, from, (size_t)(close - bytes.p));
        size_t name_at = 0, n = 0;
        at = from;
        if (tag.n > 4096 || !names_data(tag) || !name_in(tag, &name_at, &n)) {
            continue;
        }
        xd_str name = xd_str_sub(tag, name_at, name_at + n);
        const char *code =
            n > 0 && n <= NAME_BYTES && !is_plain(name) && xd_utf8_valid(name) == name.n
                ? short_of(k, name)
                : NULL;
        if (code != NULL) {
            xd_buf_add(&k->bytes, xd_str_sub(bytes, done, from + name_at));
            xd_buf_add(&k->bytes, xd_str_of(code));
            done = from + name_at + n;
        }
        at = from + tag.n;
    }
    if (done > 0) {
        xd_buf_add(&k->bytes, xd_str_sub(bytes, done, bytes.n));
    }
}

bool xd_kml_names(xd_ctx *cx, xd_str bytes, xd_str *ret_bytes, xd_str *ret_names)
{
    kml_names k = {.cx = cx, .map = xd_map_make(cx->arena)};
    rewrite(&k, bytes);
    bool failed = k.bytes.failed || k.lines.failed;
    *ret_bytes = k.n == 0 || failed ? bytes : xd_buf_copy(&k.bytes, cx->arena);
    *ret_names = xd_buf_copy(&k.lines, cx->arena);
    xd_buf_free(&k.bytes);
    xd_buf_free(&k.lines);
    return !failed || xd_fail(cx, XD_LIMIT, "kml: too large");
}
