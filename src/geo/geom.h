/* geo/geom.h — places: points, lines, areas; boxes; distance; relations.
 *
 * Everything is WGS 84 in integers of 1e-7 degree (about 1 cm), longitude first. Geometries
 * are immutable, in the arena they were made in. Relations are planar in degrees, as GeoJSON
 * and OGC API Features read them, and are GEOS's; distances are metres on the ellipsoid's mean
 * sphere (haversine, R = 6 371 008.8 m, IUGG). */
#ifndef XD_GEO_GEOM_H
#define XD_GEO_GEOM_H

#include "base/json.h"

#define XD_DEGREE 10000000 /* units in a degree */

typedef struct xd_pos {
    int32_t lon, lat;
} xd_pos;

/* Edges included. west > east: the box crosses the antimeridian. */
typedef struct xd_box {
    int32_t west, south, east, north;
} xd_box;

typedef enum xd_geom_kind {
    XD_POINT,
    XD_MULTIPOINT,
    XD_LINE,
    XD_MULTILINE,
    XD_POLYGON,
    XD_MULTIPOLYGON,
} xd_geom_kind;

typedef struct xd_ring {
    const xd_pos *at;
    size_t n;
} xd_ring;

/* A point: one ring of one position. A line: one ring. A polygon: shell, then holes, each
 * closed (last position equals the first). */
typedef struct xd_part {
    const xd_ring *rings;
    size_t n;
} xd_part;

typedef struct xd_geom {
    xd_geom_kind kind;
    const xd_part *parts; /* one, unless the kind is MULTI… */
    size_t n;
} xd_geom;

#define XD_GEOM_POSITIONS 1000000 /* most positions in one geometry */

const xd_geom *xd_geom_point(xd_arena *arena, xd_pos at);
/* A box without width or height comes out as a line or a point; one across the antimeridian as
 * two areas. */
const xd_geom *xd_geom_box_area(xd_arena *arena, xd_box box);

/* GeoJSON geometry objects. `degrees`: numbers are decimal degrees as RFC 7946 has them (a
 * third ordinate is dropped); otherwise integers of 1e-7 degree, as bodies keep them. Refused:
 * unknown types, unclosed rings, positions off the globe, GeometryCollection, emptiness. Rings
 * come out wound as RFC 7946 says (shells counter-clockwise, holes clockwise), from WKT too. */
XD_MUST bool xd_geom_read(xd_ctx *cx, const xd_json *geometry, bool degrees,
                          const xd_geom **ret_geom);
xd_json *xd_geom_body(xd_arena *arena, const xd_geom *geom); /* integers */
/* RFC 7946 text; `lat_first` for EPSG:4326 and 4490 answers of OGC API. At most 7 decimals. */
void xd_geom_write(xd_buf *out, const xd_geom *geom, bool lat_first);
/* WKT, for CQL2 text: POINT, LINESTRING, POLYGON and the MULTI forms, decimal degrees. */
XD_MUST bool xd_geom_read_wkt(xd_ctx *cx, xd_str text, const xd_geom **ret_geom);
void xd_geom_write_wkt(xd_buf *out, const xd_geom *geom);
/* A degree value as text, no trailing zeros: 1184517000 → "118.4517". */
void xd_degree_write(xd_buf *out, int32_t units);

bool xd_geom_is_point(const xd_geom *geom);
/* The one position a record is counted at: the point itself; else a point on the geometry
 * (GEOS point on surface; for several points, the first). */
XD_MUST bool xd_geom_anchor(xd_ctx *cx, const xd_geom *geom, xd_pos *ret_pos);
xd_box xd_geom_extent(const xd_geom *geom);
bool xd_box_has(xd_box box, xd_pos at);
bool xd_box_meets(xd_box a, xd_box b);

typedef enum xd_relation {
    XD_INTERSECTS,
    XD_DISJOINT,
    XD_CONTAINS, /* a contains b */
    XD_WITHIN,
    XD_TOUCHES,
    XD_CROSSES,
    XD_OVERLAPS,
    XD_EQUALS,
} xd_relation;
XD_MUST bool xd_geom_relate(xd_ctx *cx, xd_relation relation, const xd_geom *a,
                            const xd_geom *b, bool *ret_holds);
/* In an area or on its edge; false for points and lines. Exact, and needs no context: for
 * loops over many points. */
bool xd_geom_covers(const xd_geom *area, xd_pos at);
/* On the mean sphere; 0 for points and lines. */
double xd_geom_area_m2(const xd_geom *geom);
/* XD_INVALID with a position when a polygon crosses itself. */
XD_MUST bool xd_geom_check(xd_ctx *cx, const xd_geom *geom);

double xd_distance_m(xd_pos a, xd_pos b);
/* From a position to the nearest of a shape; 0 inside an area. */
double xd_geom_from_point_m(const xd_geom *geom, xd_pos at);
/* Between nearest points; 0 when they meet. Nearness is judged on a plane that fits half way
 * between the two: within a thousandth for shapes that span less than 0.1° of latitude. */
XD_MUST bool xd_geom_distance_m(xd_ctx *cx, const xd_geom *a, const xd_geom *b, double *ret_m);

/* Cut to a box and thin to a tolerance (1e-7 degrees), for drawing. NULL when nothing is left. */
XD_MUST bool xd_geom_clip(xd_ctx *cx, const xd_geom *geom, xd_box box, int32_t tolerance,
                          const xd_geom **ret_geom);

/* Areas beside one another as one shape, for drawing. */
typedef struct xd_geom_joined {
    const xd_geom *area;    /* all of them */
    const xd_geom *borders; /* the lines between them, each once; NULL: none */
    const xd_geom *reach;   /* the area and what lies around it */
} xd_geom_joined;

/* n ≥ 1 areas; reach: how far around, in 1e-7 degrees. Edges that cross are mended first. */
XD_MUST bool xd_geom_join(xd_ctx *cx, const xd_geom *const *areas, size_t n, int32_t reach,
                          xd_geom_joined *ret_joined);
/* What of a line or an area lies in an area. NULL when nothing does. */
XD_MUST bool xd_geom_cut(xd_ctx *cx, const xd_geom *geom, const xd_geom *area,
                         const xd_geom **ret_geom);

#endif
