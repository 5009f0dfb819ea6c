/* geo/wkt.c — well-known text in and out, as CQL2 text has it.
 *
 *   text  = tag [Z | M | ZM] body           EMPTY is refused
 *   body  = "(" position ")" …              nesting as in GeoJSON, see geojson.c
 *   position = number number [number [number]]
 *
 * MULTIPOINT takes both (1 2, 3 4) and ((1 2), (3 4)). Ordinates after the second are dropped.
 * Keywords without case; an EWKT prefix "SRID=4326;" is accepted, other SRIDs are refused. */
#include "geo/inside.h"

#include <math.h>

typedef struct tag {
    xd_geom_kind kind;
    xd_str name;
} tag;

static const tag tags[] = {
    {XD_POINT,        XD_STR("POINT")          },
    {XD_MULTIPOINT,   XD_STR("MULTIPOINT")     },
    {XD_LINE,         XD_STR("LINESTRING")     },
    {XD_MULTILINE,    XD_STR("MULTILINESTRING")},
    {XD_POLYGON,      XD_STR("POLYGON")        },
    {XD_MULTIPOLYGON, XD_STR("MULTIPOLYGON")   },
};

typedef struct scan {
    xd_str text;
    size_t at;
    xd_draft draft;
} scan;

static bool wrong(xd_ctx *cx, const scan *s, const char *zh, const char *en)
{
    size_t place = s->at + 1;
    return xd_geo_refuse(cx, xd_str_printf(cx->arena, "WKT 第 %zu 个字节处：%s。", place, zh),
                         xd_str_printf(cx->arena, "WKT, byte %zu: %s.", place, en));
}

static void skip_blanks(scan *s)
{
    while (s->at < s->text.n && strchr(" \t\r\n", s->text.p[s->at]) != NULL &&
           s->text.p[s->at] != '\0') {
        s->at += 1;
    }
}

static bool take(scan *s, char c)
{
    skip_blanks(s);
    if (s->at < s->text.n && s->text.p[s->at] == c) {
        s->at += 1;
        return true;
    }
    return false;
}

static bool want(xd_ctx *cx, scan *s, char c)
{
    if (!take(s, c)) {
        return c == '(' ? wrong(cx, s, "应为“(”", "\"(\" expected")
                        : wrong(cx, s, "应为“)”", "\")\" expected");
    }
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static xd_str take_word(scan *s)
{
    skip_blanks(s);
    size_t from = s->at;
    while (s->at < s->text.n && is_letter(s->text.p[s->at])) {
        s->at += 1;
    }
    return xd_str_sub(s->text, from, s->at);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits into *value; how many there were. */
static int take_digits(scan *s, double *value)
{
    int n = 0;
    while (s->at < s->text.n && is_digit(s->text.p[s->at])) {
        *value = *value * 10 + (s->text.p[s->at] - '0');
        s->at += 1;
        n += 1;
    }
    return n;
}

static bool take_number(scan *s, double *ret_value)
{
    skip_blanks(s);
    size_t start = s->at;
    double sign = 1;
    if (s->at < s->text.n && (s->text.p[s->at] == '-' || s->text.p[s->at] == '+')) {
        sign = s->text.p[s->at] == '-' ? -1 : 1;
        s->at += 1;
    }
    double value = 0;
    int digits = take_digits(s, &value);
    int decimals = 0;
    if (s->at < s->text.n && s->text.p[s->at] == '.') {
        s->at += 1;
        decimals = take_digits(s, &value);
    }
    double exponent = 0;
    if (digits + decimals > 0 && s->at < s->text.n && (s->text.p[s->at] | 32) == 'e') {
        s->at += 1;
        double exponent_sign = 1;
        if (s->at < s->text.n && (s->text.p[s->at] == '-' || s->text.p[s->at] == '+')) {
            exponent_sign = s->text.p[s->at] == '-' ? -1 : 1;
            s->at += 1;
        }
        if (take_digits(s, &exponent) == 0) {
            digits = decimals = 0;
        }
        exponent *= exponent_sign;
    }
    if (digits + decimals == 0) {
        s->at = start;
        return false;
    }
    double power = exponent - decimals;
    *ret_value = sign * (power < 0 ? value / pow(10, -power) : value * pow(10, power));
    return true;
}

static bool read_position(xd_ctx *cx, scan *s)
{
    double lon;
    double lat;
    double dropped;
    if (!take_number(s, &lon) || !take_number(s, &lat)) {
        return wrong(cx, s, "应为两个数", "two numbers expected");
    }
    if (take_number(s, &dropped)) {
        (void)take_number(s, &dropped); /* measure: may be absent */
    }
    xd_pos at;
    if (!xd_pos_of(lon, lat, &at)) {
        return wrong(cx, s, "不是经纬度（经度 ±180、纬度 ±90 以内，经度在前）",
                     "no longitude and latitude (within ±180 and ±90, longitude first)");
    }
    return xd_draft_pos(cx, &s->draft, at);
}

static bool read_ring(xd_ctx *cx, scan *s)
{
    if (!want(cx, s, '(')) {
        return false;
    }
    do {
        if (!read_position(cx, s)) {
            return false;
        }
    } while (take(s, ','));
    return want(cx, s, ')') && xd_draft_ring(cx, &s->draft);
}

static bool read_rings(xd_ctx *cx, scan *s)
{
    if (!want(cx, s, '(')) {
        return false;
    }
    do {
        if (!read_ring(cx, s)) {
            return false;
        }
    } while (take(s, ','));
    return want(cx, s, ')');
}

/* A point of a MULTIPOINT, with or without brackets of its own. */
static bool read_member_point(xd_ctx *cx, scan *s)
{
    bool bracketed = take(s, '(');
    return read_position(cx, s) && (!bracketed || want(cx, s, ')')) &&
           xd_draft_ring(cx, &s->draft);
}

static bool read_part(xd_ctx *cx, scan *s)
{
    bool ok = false;
    switch (s->draft.kind) {
    case XD_MULTIPOINT:
        ok = read_member_point(cx, s);
        break;
    case XD_POINT:
        ok = want(cx, s, '(') && read_position(cx, s) && want(cx, s, ')') &&
             xd_draft_ring(cx, &s->draft);
        break;
    case XD_LINE:
    case XD_MULTILINE:
        ok = read_ring(cx, s);
        break;
    case XD_POLYGON:
    case XD_MULTIPOLYGON:
        ok = read_rings(cx, s);
        break;
    }
    if (ok) {
        xd_draft_part(&s->draft);
    }
    return ok;
}

static bool read_body(xd_ctx *cx, scan *s)
{
    if (!xd_kind_is_multi(s->draft.kind)) {
        return read_part(cx, s);
    }
    if (!want(cx, s, '(')) {
        return false;
    }
    do {
        if (!read_part(cx, s)) {
            return false;
        }
    } while (take(s, ','));
    return want(cx, s, ')');
}

static bool read_srid(xd_ctx *cx, scan *s)
{
    if (!xd_str_eq_nocase(xd_str_sub(s->text, s->at, s->at + 5), XD_S("SRID="))) {
        return true;
    }
    s->at += 5;
    double srid = 0;
    if (take_digits(s, &srid) == 0 || (srid != 4326 && srid != 4490) || !take(s, ';')) {
        return wrong(cx, s, "只接受 SRID 4326 或 4490", "only SRID 4326 or 4490 is read");
    }
    return true;
}

static bool read_tag(xd_ctx *cx, scan *s, xd_geom_kind *ret_kind)
{
    xd_str word = take_word(s);
    for (size_t i = 0; i < XD_LEN(tags); i++) {
        if (!xd_str_eq_nocase(word, tags[i].name)) {
            continue;
        }
        size_t before = s->at;
        xd_str dimension = take_word(s);
        if (xd_str_eq_nocase(dimension, XD_S("EMPTY"))) {
            return wrong(cx, s, "图形是空的", "the shape is empty");
        }
        if (dimension.n > 0 && !xd_str_eq_nocase(dimension, XD_S("Z")) &&
            !xd_str_eq_nocase(dimension, XD_S("M")) &&
            !xd_str_eq_nocase(dimension, XD_S("ZM"))) {
            s->at = before;
            return wrong(cx, s, "应为“(”", "\"(\" expected");
        }
        *ret_kind = tags[i].kind;
        return true;
    }
    return wrong(cx, s, "应为 POINT、LINESTRING、POLYGON 或 MULTI… 之一",
                 "POINT, LINESTRING, POLYGON or a MULTI form expected");
}

bool xd_geom_read_wkt(xd_ctx *cx, xd_str text, const xd_geom **ret_geom)
{
    scan s = {.text = xd_str_trim(text)};
    xd_geom_kind kind;
    if (!read_srid(cx, &s) || !read_tag(cx, &s, &kind)) {
        return false;
    }
    xd_draft_begin(&s.draft, cx->arena, kind);
    if (!read_body(cx, &s)) {
        return false;
    }
    skip_blanks(&s);
    if (s.at != s.text.n) {
        return wrong(cx, &s, "后面还有多余的内容", "there is more text behind the shape");
    }
    return xd_draft_end(cx, &s.draft, ret_geom);
}

/* ---- writing -------------------------------------------------------------------------------
 */

static void write_ring(xd_buf *out, const xd_ring *ring)
{
    xd_buf_byte(out, '(');
    for (size_t i = 0; i < ring->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        xd_degree_write(out, ring->at[i].lon);
        xd_buf_byte(out, ' ');
        xd_degree_write(out, ring->at[i].lat);
    }
    xd_buf_byte(out, ')');
}

static void write_part(xd_buf *out, xd_geom_kind kind, const xd_part *part)
{
    if (!xd_kind_is_area(kind)) {
        write_ring(out, &part->rings[0]);
        return;
    }
    xd_buf_byte(out, '(');
    for (size_t i = 0; i < part->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        write_ring(out, &part->rings[i]);
    }
    xd_buf_byte(out, ')');
}

void xd_geom_write_wkt(xd_buf *out, const xd_geom *geom)
{
    for (size_t i = 0; i < XD_LEN(tags); i++) {
        if (tags[i].kind == geom->kind) {
            xd_buf_add(out, tags[i].name);
        }
    }
    bool multi = xd_kind_is_multi(geom->kind);
    if (multi) {
        xd_buf_byte(out, '(');
    }
    for (size_t i = 0; i < geom->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        write_part(out, geom->kind, &geom->parts[i]);
    }
    if (multi) {
        xd_buf_byte(out, ')');
    }
}
