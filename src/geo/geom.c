/* geo/geom.c — shapes in memory: making, extents, point in area, distances.
 *
 * Point in area is exact: a ray to the east is crossed an odd number of times, counted on
 * integers, so a point on an edge is always found to be on it. Coordinates fit 32 bits, their
 * differences 33, products of two differences 66: hence the 128-bit type.
 *
 * Distance from a point to an edge is measured on a plane tangent at the point (longitudes
 * shrunk by the cosine of its latitude) and the nearest place found there, then by haversine.
 */
#include "geo/inside.h"

#include <math.h>

__extension__ typedef __int128 wide;

static const double earth_radius_m = 6371008.8; /* IUGG mean radius */
static const double pi = 3.14159265358979323846;

bool xd_geo_refuse(xd_ctx *cx, xd_str zh, xd_str en)
{
    (void)xd_fail(cx, XD_INVALID, XD_FMT, XD_ARG(en)); /* false is what we return below */
    return xd_fail_words(cx, zh, en);
}

bool xd_kind_is_area(xd_geom_kind kind)
{
    return kind == XD_POLYGON || kind == XD_MULTIPOLYGON;
}

bool xd_kind_is_line(xd_geom_kind kind)
{
    return kind == XD_LINE || kind == XD_MULTILINE;
}

bool xd_kind_is_multi(xd_geom_kind kind)
{
    return kind == XD_MULTIPOINT || kind == XD_MULTILINE || kind == XD_MULTIPOLYGON;
}

bool xd_geom_is_point(const xd_geom *geom)
{
    return geom->kind == XD_POINT;
}

bool xd_pos_of(double lon, double lat, xd_pos *ret_pos)
{
    if (!(lon >= -180.0 && lon <= 180.0 && lat >= -90.0 && lat <= 90.0)) {
        return false; /* NaN fails every comparison */
    }
    *ret_pos = (xd_pos){(int32_t)lround(lon * XD_DEGREE), (int32_t)lround(lat * XD_DEGREE)};
    return true;
}

/* ---- making --------------------------------------------------------------------------------
 */

void xd_draft_begin(xd_draft *draft, xd_arena *arena, xd_geom_kind kind)
{
    *draft = (xd_draft){.arena = arena, .kind = kind};
}

bool xd_draft_pos(xd_ctx *cx, xd_draft *draft, xd_pos at)
{
    if (draft->count == XD_GEOM_POSITIONS) {
        (void)xd_fail(cx, XD_LIMIT, "a geometry has more than %d positions", XD_GEOM_POSITIONS);
        return xd_fail_words(cx, XD_S("图形的顶点超过一百万个，请先简化。"),
                             XD_S("The shape has more than a million vertices: simplify it."));
    }
    *xd_push(draft->arena, &draft->at) = at;
    draft->count += 1;
    return true;
}

/* Twice the signed area, positive when counter-clockwise. Doubles suffice for the sign of any
 * ring that is not degenerate. */
static double turning(const xd_pos *at, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double x = (double)at[i].lon - (double)at[0].lon;
        double y = (double)at[i].lat - (double)at[0].lat;
        double next_x = (double)at[i + 1].lon - (double)at[0].lon;
        double next_y = (double)at[i + 1].lat - (double)at[0].lat;
        sum += x * next_y - next_x * y;
    }
    return sum;
}

static void reverse(xd_pos *at, size_t n)
{
    for (size_t i = 0, j = n; i + 1 < j; i++) {
        j -= 1;
        xd_pos swap = at[i];
        at[i] = at[j];
        at[j] = swap;
    }
}

static bool same_place(xd_pos a, xd_pos b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

static bool area_ring_ok(xd_ctx *cx, const xd_pos_vec *at)
{
    if (at->n < 4) {
        return xd_geo_refuse(cx, XD_S("面的边界至少要有四个点（首尾相同）。"),
                             XD_S("An area's ring needs at least four positions, the last equal"
                                  " to the first."));
    }
    if (!same_place(at->at[0], at->at[at->n - 1])) {
        return xd_geo_refuse(
            cx, XD_S("面的边界没有闭合：最后一点应与第一点相同。"),
            XD_S("An area's ring is not closed: its last position must equal the"
                 " first."));
    }
    return true;
}

bool xd_draft_ring(xd_ctx *cx, xd_draft *draft)
{
    xd_pos_vec *at = &draft->at;
    if (xd_kind_is_area(draft->kind)) {
        if (!area_ring_ok(cx, at)) {
            return false;
        }
        double turn = turning(at->at, at->n);
        bool is_shell = draft->rings.n == 0;
        if (is_shell ? turn < 0 : turn > 0) {
            reverse(at->at, at->n);
        }
    } else if (xd_kind_is_line(draft->kind) && at->n < 2) {
        return xd_geo_refuse(cx, XD_S("线至少要有两个点。"),
                             XD_S("A line needs at least two positions."));
    } else if (at->n == 0) {
        return xd_geo_refuse(cx, XD_S("图形里没有坐标。"), XD_S("The shape has no position."));
    }
    *xd_push(draft->arena, &draft->rings) = (xd_ring){at->at, at->n};
    *at = (xd_pos_vec){0};
    return true;
}

void xd_draft_part(xd_draft *draft)
{
    *xd_push(draft->arena, &draft->parts) = (xd_part){draft->rings.at, draft->rings.n};
    draft->rings = (xd_ring_vec){0};
}

bool xd_draft_end(xd_ctx *cx, xd_draft *draft, const xd_geom **ret_geom)
{
    bool empty = draft->parts.n == 0;
    for (size_t i = 0; i < draft->parts.n; i++) {
        empty = empty || draft->parts.at[i].n == 0;
    }
    if (empty) {
        return xd_geo_refuse(cx, XD_S("图形是空的。"), XD_S("The shape is empty."));
    }
    xd_geom *geom = xd_new(draft->arena, xd_geom);
    *geom = (xd_geom){draft->kind, draft->parts.at, draft->parts.n};
    *ret_geom = geom;
    return true;
}

static const xd_geom *one_ring(xd_arena *arena, xd_geom_kind kind, const xd_pos *at, size_t n)
{
    xd_pos *positions = xd_new_n(arena, xd_pos, n);
    memcpy(positions, at, n * sizeof *at);
    xd_ring *ring = xd_new(arena, xd_ring);
    *ring = (xd_ring){positions, n};
    xd_part *part = xd_new(arena, xd_part);
    *part = (xd_part){ring, 1};
    xd_geom *geom = xd_new(arena, xd_geom);
    *geom = (xd_geom){kind, part, 1};
    return geom;
}

const xd_geom *xd_geom_point(xd_arena *arena, xd_pos at)
{
    return one_ring(arena, XD_POINT, &at, 1);
}

static const xd_geom *plain_box_area(xd_arena *arena, xd_box box)
{
    xd_pos corner = {box.west, box.south};
    xd_pos opposite = {box.east, box.north};
    if (same_place(corner, opposite)) {
        return xd_geom_point(arena, corner);
    }
    if (box.west == box.east || box.south == box.north) {
        const xd_pos line[] = {corner, opposite};
        return one_ring(arena, XD_LINE, line, XD_LEN(line));
    }
    const xd_pos ring[] = {
        corner, {box.east, box.south},
         opposite, {box.west, box.north},
         corner,
    };
    return one_ring(arena, XD_POLYGON, ring, XD_LEN(ring));
}

const xd_geom *xd_geom_box_area(xd_arena *arena, xd_box box)
{
    if (box.west <= box.east) {
        return plain_box_area(arena, box);
    }
    const int32_t edge = 180 * XD_DEGREE;
    const xd_geom *east_part =
        plain_box_area(arena, (xd_box){box.west, box.south, edge, box.north});
    const xd_geom *west_part =
        plain_box_area(arena, (xd_box){-edge, box.south, box.east, box.north});
    if (east_part->kind != XD_POLYGON || west_part->kind != XD_POLYGON) {
        /* One half is only the meridian itself: the other says it all. */
        return east_part->kind == XD_POLYGON ? east_part : west_part;
    }
    xd_part *parts = xd_new_n(arena, xd_part, 2);
    parts[0] = east_part->parts[0];
    parts[1] = west_part->parts[0];
    xd_geom *geom = xd_new(arena, xd_geom);
    *geom = (xd_geom){XD_MULTIPOLYGON, parts, 2};
    return geom;
}

/* ---- boxes ---------------------------------------------------------------------------------
 */

xd_box xd_geom_extent(const xd_geom *geom)
{
    xd_pos first = geom->parts[0].rings[0].at[0];
    xd_box box = {first.lon, first.lat, first.lon, first.lat};
    for (size_t i = 0; i < geom->n; i++) {
        /* Holes lie inside the shell: the first ring decides. */
        const xd_ring *ring = &geom->parts[i].rings[0];
        for (size_t j = 0; j < ring->n; j++) {
            xd_pos at = ring->at[j];
            box.west = at.lon < box.west ? at.lon : box.west;
            box.east = at.lon > box.east ? at.lon : box.east;
            box.south = at.lat < box.south ? at.lat : box.south;
            box.north = at.lat > box.north ? at.lat : box.north;
        }
    }
    return box;
}

bool xd_box_has(xd_box box, xd_pos at)
{
    bool between = box.west <= box.east ? at.lon >= box.west && at.lon <= box.east
                                        : at.lon >= box.west || at.lon <= box.east;
    return between && at.lat >= box.south && at.lat <= box.north;
}

static bool spans_meet(int32_t a_from, int32_t a_to, int32_t b_from, int32_t b_to)
{
    return a_from <= b_to && b_from <= a_to;
}

bool xd_box_meets(xd_box a, xd_box b)
{
    if (!spans_meet(a.south, a.north, b.south, b.north)) {
        return false;
    }
    bool a_wraps = a.west > a.east;
    bool b_wraps = b.west > b.east;
    if (a_wraps && b_wraps) {
        return true; /* both hold the antimeridian */
    }
    if (a_wraps) {
        return b.east >= a.west || b.west <= a.east;
    }
    if (b_wraps) {
        return a.east >= b.west || a.west <= b.east;
    }
    return spans_meet(a.west, a.east, b.west, b.east);
}

/* ---- point in area -------------------------------------------------------------------------
 */

typedef enum side { OUTSIDE, INSIDE, ON_EDGE } side;

/* Above zero: p lies left of the way from a to b. */
static wide left_of(xd_pos a, xd_pos b, xd_pos p)
{
    return (wide)((int64_t)b.lon - a.lon) * ((int64_t)p.lat - a.lat) -
           (wide)((int64_t)b.lat - a.lat) * ((int64_t)p.lon - a.lon);
}

static bool on_segment(xd_pos a, xd_pos b, xd_pos p)
{
    return p.lon >= (a.lon < b.lon ? a.lon : b.lon) &&
           p.lon <= (a.lon > b.lon ? a.lon : b.lon) &&
           p.lat >= (a.lat < b.lat ? a.lat : b.lat) &&
           p.lat <= (a.lat > b.lat ? a.lat : b.lat) && left_of(a, b, p) == 0;
}

static side ring_side(const xd_ring *ring, xd_pos p)
{
    bool odd = false;
    for (size_t i = 0; i + 1 < ring->n; i++) {
        xd_pos a = ring->at[i];
        xd_pos b = ring->at[i + 1];
        if ((a.lat > p.lat) == (b.lat > p.lat)) {
            if ((a.lat == p.lat || b.lat == p.lat) && on_segment(a, b, p)) {
                return ON_EDGE;
            }
            continue;
        }
        wide left = left_of(a, b, p);
        if (left == 0) {
            return ON_EDGE;
        }
        /* An upward edge with p on its left is crossed by the ray to the east. */
        if ((left > 0) == (b.lat > a.lat)) {
            odd = !odd;
        }
    }
    return odd ? INSIDE : OUTSIDE;
}

static side part_side(const xd_part *part, xd_pos p)
{
    side shell = ring_side(&part->rings[0], p);
    if (shell != INSIDE) {
        return shell;
    }
    for (size_t i = 1; i < part->n; i++) {
        side hole = ring_side(&part->rings[i], p);
        if (hole != OUTSIDE) {
            return hole == ON_EDGE ? ON_EDGE : OUTSIDE;
        }
    }
    return INSIDE;
}

bool xd_geom_covers(const xd_geom *area, xd_pos at)
{
    for (size_t i = 0; xd_kind_is_area(area->kind) && i < area->n; i++) {
        if (part_side(&area->parts[i], at) != OUTSIDE) {
            return true;
        }
    }
    return false;
}

double xd_geom_area_m2(const xd_geom *geom)
{
    double sum = 0;
    for (size_t i = 0; xd_kind_is_area(geom->kind) && i < geom->n; i++) {
        const xd_part *part = &geom->parts[i];
        for (size_t j = 0; j < part->n; j++) {
            const xd_ring *ring = &part->rings[j];
            /* Green's theorem on the equal-area cylinder: x = λ, y = sin φ. */
            double twice = 0;
            for (size_t k = 0; k + 1 < ring->n; k++) {
                double from = (double)ring->at[k].lat / XD_DEGREE * pi / 180;
                double to = (double)ring->at[k + 1].lat / XD_DEGREE * pi / 180;
                double east = ((double)ring->at[k + 1].lon - (double)ring->at[k].lon) /
                              XD_DEGREE * pi / 180;
                twice += east * (sin(from) + sin(to));
            }
            double area = fabs(twice) / 2 * earth_radius_m * earth_radius_m;
            sum += j == 0 ? area : -area;
        }
    }
    return sum < 0 ? 0 : sum;
}

/* ---- distance ------------------------------------------------------------------------------
 */

static double haversine_m(double lon1, double lat1, double lon2, double lat2)
{
    const double rad = pi / 180 / XD_DEGREE;
    double half_lat = sin((lat2 - lat1) * rad / 2);
    double half_lon = sin((lon2 - lon1) * rad / 2);
    double h = half_lat * half_lat + cos(lat1 * rad) * cos(lat2 * rad) * half_lon * half_lon;
    return 2 * earth_radius_m * asin(sqrt(h < 1 ? h : 1));
}

double xd_distance_m(xd_pos a, xd_pos b)
{
    return haversine_m(a.lon, a.lat, b.lon, b.lat);
}

static double segment_m(xd_pos a, xd_pos b, xd_pos p)
{
    double shrink = cos((double)p.lat / XD_DEGREE * pi / 180);
    double ax = ((double)a.lon - p.lon) * shrink;
    double ay = (double)a.lat - p.lat;
    double dx = ((double)b.lon - a.lon) * shrink;
    double dy = (double)b.lat - a.lat;
    double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? -(ax * dx + ay * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double lon = (double)a.lon + t * ((double)b.lon - a.lon);
    double lat = (double)a.lat + t * ((double)b.lat - a.lat);
    return haversine_m(p.lon, p.lat, lon, lat);
}

double xd_geom_from_point_m(const xd_geom *geom, xd_pos at)
{
    if (xd_geom_covers(geom, at)) {
        return 0;
    }
    double best = HUGE_VAL;
    for (size_t i = 0; i < geom->n; i++) {
        for (size_t j = 0; j < geom->parts[i].n; j++) {
            const xd_ring *ring = &geom->parts[i].rings[j];
            for (size_t k = 0; k < ring->n; k++) {
                xd_pos to = ring->at[k + 1 < ring->n ? k + 1 : k];
                double m = segment_m(ring->at[k], to, at);
                best = m < best ? m : best;
            }
        }
    }
    return best;
}

/* ---- text ----------------------------------------------------------------------------------
 */

void xd_degree_write(xd_buf *out, int32_t units)
{
    int64_t left = units;
    if (left < 0) {
        xd_buf_byte(out, '-');
        left = -left;
    }
    xd_buf_int(out, left / XD_DEGREE);
    int64_t fraction = left % XD_DEGREE;
    if (fraction == 0) {
        return;
    }
    char digits[8];
    size_t n = 0;
    for (int64_t place = XD_DEGREE / 10; fraction > 0; place /= 10) {
        digits[n] = (char)('0' + fraction / place);
        n += 1;
        fraction %= place;
    }
    xd_buf_byte(out, '.');
    xd_buf_bytes(out, digits, n);
}
