/* geo/geojson.c — GeoJSON geometry objects (RFC 7946) in and out.
 *
 * The nesting of `coordinates` is fixed by `type`: 0 lists above a position for a point, 1 for
 * a line or several points, 2 for a polygon or several lines, 3 for several polygons. One
 * reader walks them all; what a position's numbers mean (degrees, integers of 1e-7 degree,
 * metres of some system) is the caller's function. Altitudes are dropped. */
#include "geo/inside.h"

typedef struct kind_name {
    xd_geom_kind kind;
    xd_str name;
} kind_name;

static const kind_name kind_names[] = {
    {XD_POINT,        XD_STR("Point")          },
    {XD_MULTIPOINT,   XD_STR("MultiPoint")     },
    {XD_LINE,         XD_STR("LineString")     },
    {XD_MULTILINE,    XD_STR("MultiLineString")},
    {XD_POLYGON,      XD_STR("Polygon")        },
    {XD_MULTIPOLYGON, XD_STR("MultiPolygon")   },
};

static xd_str name_of(xd_geom_kind kind)
{
    for (size_t i = 0; i < XD_LEN(kind_names); i++) {
        if (kind_names[i].kind == kind) {
            return kind_names[i].name;
        }
    }
    return kind_names[0].name;
}

/* ---- reading -------------------------------------------------------------------------------
 */

typedef struct reader {
    xd_draft draft;
    xd_pos_take *take;
    const void *user;
} reader;

static bool want_list(xd_ctx *cx, const xd_json *list)
{
    if (list == NULL || list->kind != XD_JSON_ARRAY) {
        return xd_geo_refuse(cx, XD_S("几何的 coordinates 层次与 type 不符。"),
                             XD_S("A geometry's coordinates are not nested as its type says."));
    }
    return true;
}

static bool read_position(xd_ctx *cx, reader *r, const xd_json *position)
{
    if (!want_list(cx, position)) {
        return false;
    }
    if (xd_json_len(position) < 2) {
        return xd_geo_refuse(cx, XD_S("坐标至少要有两个数：经度和纬度。"),
                             XD_S("A position needs two numbers: longitude and latitude."));
    }
    xd_pos at;
    return r->take(cx, r->user, xd_json_at(position, 0), xd_json_at(position, 1), &at) &&
           xd_draft_pos(cx, &r->draft, at);
}

static bool read_line(xd_ctx *cx, reader *r, const xd_json *line)
{
    if (!want_list(cx, line)) {
        return false;
    }
    for (size_t i = 0; i < xd_json_len(line); i++) {
        if (!read_position(cx, r, xd_json_at(line, i))) {
            return false;
        }
    }
    return xd_draft_ring(cx, &r->draft);
}

static bool read_part(xd_ctx *cx, reader *r, const xd_json *part)
{
    if (xd_kind_is_area(r->draft.kind)) {
        if (!want_list(cx, part)) {
            return false;
        }
        for (size_t i = 0; i < xd_json_len(part); i++) {
            if (!read_line(cx, r, xd_json_at(part, i))) {
                return false;
            }
        }
    } else if (xd_kind_is_line(r->draft.kind)) {
        if (!read_line(cx, r, part)) {
            return false;
        }
    } else if (!read_position(cx, r, part) || !xd_draft_ring(cx, &r->draft)) {
        return false;
    }
    xd_draft_part(&r->draft);
    return true;
}

static bool read_kind(xd_ctx *cx, const xd_json *geometry, xd_geom_kind *ret_kind)
{
    xd_str type = xd_json_get_str(geometry, XD_S("type"));
    for (size_t i = 0; i < XD_LEN(kind_names); i++) {
        if (xd_str_eq(type, kind_names[i].name)) {
            *ret_kind = kind_names[i].kind;
            return true;
        }
    }
    return xd_geo_refuse(
        cx,
        XD_S("几何类型只接受点、线、面及其多重形式（Point、LineString、Polygon、"
             "Multi…）。"),
        XD_S("A geometry must be a Point, LineString, Polygon or a Multi form of"
             " these."));
}

bool xd_geom_read_with(xd_ctx *cx, const xd_json *geometry, xd_pos_take *take, const void *user,
                       const xd_geom **ret_geom)
{
    xd_geom_kind kind;
    if (!read_kind(cx, geometry, &kind)) {
        return false;
    }
    reader r = {.take = take, .user = user};
    xd_draft_begin(&r.draft, cx->arena, kind);
    const xd_json *coordinates = xd_json_get(geometry, XD_S("coordinates"));
    if (!want_list(cx, coordinates)) {
        return false;
    }
    if (!xd_kind_is_multi(kind)) {
        if (!read_part(cx, &r, coordinates)) {
            return false;
        }
    } else {
        for (size_t i = 0; i < xd_json_len(coordinates); i++) {
            if (!read_part(cx, &r, xd_json_at(coordinates, i))) {
                return false;
            }
        }
    }
    return xd_draft_end(cx, &r.draft, ret_geom);
}

static bool off_globe(xd_ctx *cx, const xd_json *x, const xd_json *y)
{
    xd_str none = XD_S("?");
    xd_str lon = x != NULL && x->kind == XD_JSON_NUMBER ? x->text : none;
    xd_str lat = y != NULL && y->kind == XD_JSON_NUMBER ? y->text : none;
    return xd_geo_refuse(
        cx,
        xd_str_printf(cx->arena,
                      "坐标（" XD_FMT "，" XD_FMT "）不是经纬度：经度 ±180、纬度 ±90 以内。",
                      XD_ARG(xd_str_sub(lon, 0, 24)), XD_ARG(xd_str_sub(lat, 0, 24))),
        xd_str_printf(cx->arena,
                      "(" XD_FMT ", " XD_FMT
                      ") is no longitude and latitude: within ±180 and ±90.",
                      XD_ARG(xd_str_sub(lon, 0, 24)), XD_ARG(xd_str_sub(lat, 0, 24))));
}

static bool take_degrees(xd_ctx *cx, const void *user, const xd_json *x, const xd_json *y,
                         xd_pos *ret_pos)
{
    (void)user; /* degrees need no more */
    double lon;
    double lat;
    if (!xd_json_double(x, &lon) || !xd_json_double(y, &lat) || !xd_pos_of(lon, lat, ret_pos)) {
        return off_globe(cx, x, y);
    }
    return true;
}

static bool take_units(xd_ctx *cx, const void *user, const xd_json *x, const xd_json *y,
                       xd_pos *ret_pos)
{
    (void)user; /* integers need no more */
    const int64_t most_lon = (int64_t)180 * XD_DEGREE;
    const int64_t most_lat = (int64_t)90 * XD_DEGREE;
    int64_t lon;
    int64_t lat;
    if (!xd_json_int(x, &lon) || !xd_json_int(y, &lat) || lon < -most_lon || lon > most_lon ||
        lat < -most_lat || lat > most_lat) {
        return off_globe(cx, x, y);
    }
    *ret_pos = (xd_pos){(int32_t)lon, (int32_t)lat};
    return true;
}

bool xd_geom_read(xd_ctx *cx, const xd_json *geometry, bool degrees, const xd_geom **ret_geom)
{
    return xd_geom_read_with(cx, geometry, degrees ? take_degrees : take_units, NULL, ret_geom);
}

/* ---- bodies --------------------------------------------------------------------------------
 */

static xd_json *position_body(xd_arena *arena, xd_pos at)
{
    xd_json *position = xd_json_array(arena);
    xd_json_add(arena, position, xd_json_integer(arena, at.lon));
    xd_json_add(arena, position, xd_json_integer(arena, at.lat));
    return position;
}

static xd_json *ring_body(xd_arena *arena, const xd_ring *ring)
{
    xd_json *list = xd_json_array(arena);
    for (size_t i = 0; i < ring->n; i++) {
        xd_json_add(arena, list, position_body(arena, ring->at[i]));
    }
    return list;
}

static xd_json *part_body(xd_arena *arena, const xd_geom *geom, const xd_part *part)
{
    if (xd_kind_is_line(geom->kind)) {
        return ring_body(arena, &part->rings[0]);
    }
    if (!xd_kind_is_area(geom->kind)) {
        return position_body(arena, part->rings[0].at[0]);
    }
    xd_json *list = xd_json_array(arena);
    for (size_t i = 0; i < part->n; i++) {
        xd_json_add(arena, list, ring_body(arena, &part->rings[i]));
    }
    return list;
}

xd_json *xd_geom_body(xd_arena *arena, const xd_geom *geom)
{
    xd_json *coordinates;
    if (xd_kind_is_multi(geom->kind)) {
        coordinates = xd_json_array(arena);
        for (size_t i = 0; i < geom->n; i++) {
            xd_json_add(arena, coordinates, part_body(arena, geom, &geom->parts[i]));
        }
    } else {
        coordinates = part_body(arena, geom, &geom->parts[0]);
    }
    xd_json *body = xd_json_object(arena);
    xd_json_set(arena, body, XD_S("type"), xd_json_string(arena, name_of(geom->kind)));
    xd_json_set(arena, body, XD_S("coordinates"), coordinates);
    return body;
}

/* ---- writing -------------------------------------------------------------------------------
 */

static bool write_position(xd_ctx *cx, xd_buf *out, xd_pos at, xd_pos_put *put,
                           const void *user)
{
    xd_buf_byte(out, '[');
    if (!put(cx, user, out, at)) {
        return false;
    }
    xd_buf_byte(out, ']');
    return true;
}

static bool write_ring(xd_ctx *cx, xd_buf *out, const xd_ring *ring, xd_pos_put *put,
                       const void *user)
{
    xd_buf_byte(out, '[');
    for (size_t i = 0; i < ring->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        if (!write_position(cx, out, ring->at[i], put, user)) {
            return false;
        }
    }
    xd_buf_byte(out, ']');
    return true;
}

static bool write_part(xd_ctx *cx, xd_buf *out, xd_geom_kind kind, const xd_part *part,
                       xd_pos_put *put, const void *user)
{
    if (xd_kind_is_line(kind)) {
        return write_ring(cx, out, &part->rings[0], put, user);
    }
    if (!xd_kind_is_area(kind)) {
        return write_position(cx, out, part->rings[0].at[0], put, user);
    }
    xd_buf_byte(out, '[');
    for (size_t i = 0; i < part->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        if (!write_ring(cx, out, &part->rings[i], put, user)) {
            return false;
        }
    }
    xd_buf_byte(out, ']');
    return true;
}

bool xd_geom_write_with(xd_ctx *cx, xd_buf *out, const xd_geom *geom, xd_pos_put *put,
                        const void *user)
{
    bool multi = xd_kind_is_multi(geom->kind);
    xd_buf_printf(out,
                  "{\"type\":\"" XD_FMT "\",\"coordinates\":", XD_ARG(name_of(geom->kind)));
    if (multi) {
        xd_buf_byte(out, '[');
    }
    for (size_t i = 0; i < geom->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        if (!write_part(cx, out, geom->kind, &geom->parts[i], put, user)) {
            return false;
        }
    }
    xd_buf_add(out, multi ? XD_S("]}") : XD_S("}"));
    return true;
}

static bool put_degrees(xd_ctx *cx, const void *user, xd_buf *out, xd_pos at)
{
    (void)cx; /* writing degrees cannot fail */
    bool lat_first = *(const bool *)user;
    xd_degree_write(out, lat_first ? at.lat : at.lon);
    xd_buf_byte(out, ',');
    xd_degree_write(out, lat_first ? at.lon : at.lat);
    return true;
}

void xd_geom_write(xd_buf *out, const xd_geom *geom, bool lat_first)
{
    /* put_degrees never fails, so neither does this, and no context is needed. */
    if (!xd_geom_write_with(NULL, out, geom, put_degrees, &lat_first)) {
        out->failed = true;
    }
}
