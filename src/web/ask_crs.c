/* filter-crs: the geometry literals of a filter, moved to WGS 84 before the filter is read.
 *
 * CQL2 text writes positions as WKT within the expression, CQL2 JSON as GeoJSON. Both are
 * rewritten here, position by position, everything else copied as it stands; the reader of
 * model/cql.h then knows one system only. What is malformed is copied too: that reader says what
 * is wrong with it. */
#include <math.h>

#include "web/ask.h"

typedef struct mover {
    xd_ctx *cx;
    const xd_crs *crs;
    xd_str in;
    size_t at;
    xd_buf out;
} mover;

bool xd_read_double(xd_ctx *cx, xd_str text, double *ret_value)
{
    const xd_json *value;
    if (!xd_json_read(cx, xd_str_trim(text), &value)) {
        (void)xd_err_take(cx); /* the caller says it better */
        return false;
    }
    return xd_json_double(value, ret_value) && isfinite(*ret_value);
}

static bool move_position(mover *m, double x, double y, xd_pos *ret_pos)
{
    bool swap = xd_crs_lat_first(m->crs);
    if (xd_crs_to_wgs84(m->cx, m->crs, swap ? y : x, swap ? x : y, ret_pos)) {
        return true;
    }
    return xd_fail_words(m->cx, XD_S("filter 中有坐标不在 filter-crs 的范围内。"),
                         XD_S("The filter has a position outside its filter-crs."));
}

/* ---- text ---------------------------------------------------------------------------------- */

static bool number_char(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void copy_one(mover *m)
{
    xd_buf_byte(&m->out, m->in.p[m->at++]);
}

/* Numbers parted by blanks (or, in a BBOX, by commas), at most n; how many there were. */
static size_t take_numbers(mover *m, double *v, size_t most, bool commas)
{
    size_t n = 0;
    while (m->at < m->in.n) {
        char c = m->in.p[m->at];
        if (c == ' ' || c == '\t' || c == '\n' || (commas && c == ',')) {
            m->at++;
            continue;
        }
        size_t start = m->at;
        while (m->at < m->in.n && number_char(m->in.p[m->at])) {
            m->at++;
        }
        if (m->at == start || n == most ||
            !xd_read_double(m->cx, xd_str_sub(m->in, start, m->at), &v[n])) {
            m->at = start;
            break;
        }
        n++;
    }
    return n;
}

static void put_position(xd_buf *out, xd_pos pos, const char *between)
{
    xd_degree_write(out, pos.lon);
    xd_buf_add(out, xd_str_of(between));
    xd_degree_write(out, pos.lat);
}

/* Behind the opening bracket of a WKT literal. */
static bool move_wkt(mover *m)
{
    int depth = 1;
    while (m->at < m->in.n && depth > 0) {
        char c = m->in.p[m->at];
        double v[3];
        xd_pos pos;
        if (!number_char(c) || letter(c)) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            copy_one(m);
            continue;
        }
        size_t start = m->at, n = take_numbers(m, v, 3, false);
        if (n < 2) {
            m->at = start;
            copy_one(m);
            continue;
        }
        if (!move_position(m, v[0], v[1], &pos)) {
            return false;
        }
        put_position(&m->out, pos, " ");
    }
    return true;
}

/* Behind the opening bracket of BBOX: the extent of the moved corners. */
static bool move_bbox(mover *m)
{
    double v[6];
    size_t start = m->at, n = take_numbers(m, v, 6, true);
    if (n != 4 && n != 6) {
        m->at = start;
        return true;
    }
    size_t second = n / 2;
    xd_box box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (int i = 0; i < 4; i++) {
        xd_pos pos;
        if (!move_position(m, v[(i & 1) ? second : 0], v[((i & 2) ? second : 0) + 1], &pos)) {
            return false;
        }
        box.west = pos.lon < box.west ? pos.lon : box.west;
        box.east = pos.lon > box.east ? pos.lon : box.east;
        box.south = pos.lat < box.south ? pos.lat : box.south;
        box.north = pos.lat > box.north ? pos.lat : box.north;
    }
    put_position(&m->out, (xd_pos){box.west, box.south}, ",");
    xd_buf_byte(&m->out, ',');
    put_position(&m->out, (xd_pos){box.east, box.north}, ",");
    return true;
}

static bool is_wkt(xd_str word)
{
    static const xd_str words[] = {XD_STR("POINT"),           XD_STR("LINESTRING"),
                                   XD_STR("POLYGON"),         XD_STR("MULTIPOINT"),
                                   XD_STR("MULTILINESTRING"), XD_STR("MULTIPOLYGON")};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

static void copy_quoted(mover *m)
{
    char quote = m->in.p[m->at];
    do {
        copy_one(m);
    } while (m->at < m->in.n && m->in.p[m->at] != quote);
    if (m->at < m->in.n) {
        copy_one(m);
    }
}

static bool move_text(mover *m)
{
    while (m->at < m->in.n) {
        char c = m->in.p[m->at];
        if (c == '\'' || c == '"') {
            copy_quoted(m);
            continue;
        }
        size_t start = m->at;
        while (m->at < m->in.n && letter(m->in.p[m->at])) {
            copy_one(m);
        }
        xd_str word = xd_str_sub(m->in, start, m->at);
        if (word.n == 0) {
            copy_one(m);
            continue;
        }
        bool bbox = xd_str_eq_nocase(word, XD_S("BBOX")), wkt = is_wkt(word);
        while ((bbox || wkt) && m->at < m->in.n && m->in.p[m->at] == ' ') {
            copy_one(m);
        }
        if ((bbox || wkt) && m->at < m->in.n && m->in.p[m->at] == '(') {
            copy_one(m);
            if (bbox ? !move_bbox(m) : !move_wkt(m)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static xd_json *degrees(mover *m, int32_t units)
{
    xd_json *value = xd_new(m->cx->arena, xd_json);
    xd_buf text = {0};
    xd_degree_write(&text, units);
    *value = (xd_json){.kind = XD_JSON_NUMBER, .text = xd_buf_copy(&text, m->cx->arena)};
    xd_buf_free(&text);
    return value;
}

static bool move_coordinates(mover *m, xd_json *array)
{
    double x, y;
    if (array->kind != XD_JSON_ARRAY) {
        return true;
    }
    if (xd_json_double(xd_json_at(array, 0), &x) && xd_json_double(xd_json_at(array, 1), &y)) {
        xd_pos pos;
        if (!move_position(m, x, y, &pos)) {
            return false;
        }
        array->items.at[0] = degrees(m, pos.lon);
        array->items.at[1] = degrees(m, pos.lat);
        return true;
    }
    for (size_t i = 0; i < array->items.n; i++) {
        if (!move_coordinates(m, array->items.at[i])) {
            return false;
        }
    }
    return true;
}

/* {"bbox": […]} through the text form, which knows the extent. */
static bool move_bbox_array(mover *m, xd_json *array)
{
    mover inner = {.cx = m->cx, .crs = m->crs};
    xd_buf list = {0};
    for (size_t i = 0; i < array->items.n; i++) {
        xd_buf_byte(&list, ',');
        xd_buf_add(&list, array->items.at[i]->text);
    }
    inner.in = xd_buf_str(&list);
    bool done = move_bbox(&inner);
    xd_buf_free(&list);
    xd_str moved = xd_buf_copy(&inner.out, m->cx->arena), part;
    xd_buf_free(&inner.out);
    array->items.n = moved.n == 0 ? array->items.n : 0;
    while (moved.n > 0 && xd_str_cut(&moved, ',', &part)) {
        xd_json *value = xd_new(m->cx->arena, xd_json);
        *value = (xd_json){.kind = XD_JSON_NUMBER, .text = part};
        xd_json_add(m->cx->arena, array, value);
    }
    return done;
}

static bool move_json(mover *m, xd_json *value)
{
    for (size_t i = 0; value->kind == XD_JSON_ARRAY && i < value->items.n; i++) {
        if (!move_json(m, value->items.at[i])) {
            return false;
        }
    }
    for (size_t i = 0; value->kind == XD_JSON_OBJECT && i < value->members.n; i++) {
        const xd_json_member *member = &value->members.at[i];
        xd_json *child = member->value;
        bool done = xd_str_eq(member->key, XD_S("coordinates")) ? move_coordinates(m, child)
                    : xd_str_eq(member->key, XD_S("bbox")) && child->kind == XD_JSON_ARRAY
                        ? move_bbox_array(m, child)
                        : move_json(m, child);
        if (!done) {
            return false;
        }
    }
    return true;
}

bool xd_filter_to_wgs84(xd_ctx *cx, xd_str filter, bool json, const xd_crs *crs,
                        xd_str *ret_filter)
{
    mover m = {.cx = cx, .crs = crs, .in = filter};
    bool done;
    if (json) {
        const xd_json *read;
        if (!xd_json_read(cx, filter, &read)) {
            return false;
        }
        xd_json *own = xd_json_clone(cx->arena, read);
        done = move_json(&m, own);
        xd_json_plain(&m.out, own);
    } else {
        done = move_text(&m);
    }
    if (done) {
        *ret_filter = xd_buf_copy(&m.out, cx->arena);
    }
    xd_buf_free(&m.out);
    return done;
}
